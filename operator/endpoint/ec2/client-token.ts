import { createHash } from 'node:crypto';
import { AwsError } from '../errors.ts';

/** What is kept of a call with an object that it made, so that a repetition is known. */
export interface RequestRecord {
  clientToken: string;
  /** SHA-256, 64 hexadecimal digits. */
  parametersHash: string;
}

/** Longest token of most operations; RunInstances takes {@link LAUNCH_TOKEN_LIMIT}. */
const TOKEN_LIMIT = 128;
/** Longest token of RunInstances. */
export const LAUNCH_TOKEN_LIMIT = 64;

/** The part of an input that idempotency is about. */
type Repeatable = object & { ClientToken?: string | undefined; DryRun?: boolean | undefined };

/**
 * The token of a call; undefined without one.
 * @throws AwsError InvalidParameterValue - a token of more than `limit` characters or beyond ASCII
 */
export function clientTokenOf({ ClientToken }: Repeatable, limit: number): string | undefined {
  if (!ClientToken) return undefined;
  if (!/^[\x20-\x7e]*$/.test(ClientToken)) throw invalidToken('Only ASCII characters are allowed.');
  if (ClientToken.length > limit) throw invalidToken(`Length exceeds maximum of ${limit}.`);
  return ClientToken;
}

/** Digest of all that a call asks for beside its token: SHA-256, 64 hexadecimal digits. */
export function parametersHashOf({ ClientToken: _token, DryRun: _dryRun, ...parameters }: Repeatable): string {
  return createHash('sha256').update(JSON.stringify(sorted(parameters))).digest('hex');
}

/**
 * The token of a call and the digest of its other parameters; undefined without a token.
 * @throws AwsError InvalidParameterValue - a token of more than 128 characters or beyond ASCII
 * @see https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html
 */
export function requestRecordFrom(input: Repeatable): RequestRecord | undefined {
  const clientToken = clientTokenOf(input, TOKEN_LIMIT);
  return clientToken === undefined ? undefined : { clientToken, parametersHash: parametersHashOf(input) };
}

/**
 * Whether what an earlier call made is what this call asks for.
 * @throws AwsError IdempotentParameterMismatch
 */
export function requireSameParameters(earlier: { parametersHash?: string | undefined } | undefined, { parametersHash }: Pick<RequestRecord, 'parametersHash'>): void {
  if (earlier?.parametersHash === parametersHash) return;
  throw new AwsError('IdempotentParameterMismatch', 'Arguments on this idempotent request are inconsistent with arguments used in previous request(s).');
}

// The order of members says nothing, the order of a list may.
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, inner]) => [name, sorted(inner)]);
}

function invalidToken(reason: string): AwsError {
  return new AwsError('InvalidParameterValue', `The value for parameter ClientToken is invalid. ${reason}`);
}

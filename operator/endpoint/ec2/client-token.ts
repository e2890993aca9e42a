import { createHash } from 'node:crypto';
import { AwsError } from '../errors.ts';

/** What is kept of a call with an object that it made, so that a repetition is known. */
export interface RequestRecord {
  clientToken: string;
  /** SHA-256, 64 hexadecimal digits. */
  parametersHash: string;
}

const TOKEN_LIMIT = 128;

/**
 * The token of a call and the digest of its other parameters; undefined without a token.
 * @throws AwsError InvalidParameterValue - a token of more than 128 characters or beyond ASCII
 * @see https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html
 */
export function requestRecordFrom(input: object & { ClientToken?: string | undefined; DryRun?: boolean | undefined }): RequestRecord | undefined {
  const { ClientToken, DryRun: _dryRun, ...parameters } = input;
  if (!ClientToken) return undefined;
  if (!/^[\x20-\x7e]*$/.test(ClientToken)) throw invalidToken('Only ASCII characters are allowed.');
  if (ClientToken.length > TOKEN_LIMIT) throw invalidToken(`Length exceeds maximum of ${TOKEN_LIMIT}.`);
  return { clientToken: ClientToken, parametersHash: createHash('sha256').update(JSON.stringify(sorted(parameters))).digest('hex') };
}

/**
 * Whether what an earlier call made is what this call asks for.
 * @throws AwsError IdempotentParameterMismatch
 */
export function requireSameParameters(earlier: { parametersHash?: string | undefined } | undefined, { parametersHash }: RequestRecord): void {
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

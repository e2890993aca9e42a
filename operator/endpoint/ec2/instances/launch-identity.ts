import { createHash, randomUUID } from 'node:crypto';
import type { RunInstancesRequest } from '@aws-sdk/client-ec2';
import { ec2IdFrom } from '../../../api/ec2-id.ts';
import type { Instance } from '../../../api/instance.ts';
import { AwsError } from '../../errors.ts';

/** Names that a launch gives to what it makes. */
export interface LaunchIdentity {
  reservationId: string;
  clientToken: string | undefined;
  /** SHA-256, 64 hexadecimal digits. */
  parametersHash: string;
  /** Id of the instance at this position of the launch. */
  instanceId: (index: number) => string;
}

const TOKEN_LIMIT = 64;

/**
 * The names follow from the client token, so a repeated call, to whichever replica and after whatever crash, finds what the first one made; without a
 * token they are random.
 * @throws AwsError InvalidParameterValue - a token of more than 64 characters or beyond ASCII
 */
export function launchIdentityFrom(input: RunInstancesRequest, accountId: string): LaunchIdentity {
  const { ClientToken } = input;
  if (ClientToken !== undefined && !/^[\x20-\x7e]*$/.test(ClientToken)) throw invalidToken('Only ASCII characters are allowed.');
  if (ClientToken !== undefined && ClientToken.length > TOKEN_LIMIT) throw invalidToken(`Length exceeds maximum of ${TOKEN_LIMIT}.`);
  const clientToken = ClientToken || undefined;
  const seed = JSON.stringify([accountId, 'RunInstances', clientToken ?? randomUUID()]);
  return {
    reservationId: ec2IdFrom('r', seed),
    clientToken,
    parametersHash: parametersHashOf(input),
    instanceId: (index) => ec2IdFrom('i', `${seed}/${index}`),
  };
}

/**
 * Whether an instance that is there already is what this launch would make.
 * @throws AwsError IdempotentParameterMismatch - it was launched with the same token and other parameters
 * @throws AwsError ServiceUnavailable - it is being removed, because a launch with the same token failed or because its time is over
 */
export function requireSameLaunch({ metadata, spec }: Instance, { parametersHash }: LaunchIdentity): void {
  if (spec.launch?.parametersHash !== parametersHash) {
    throw new AwsError(
      'IdempotentParameterMismatch',
      'Arguments on this idempotent request are inconsistent with arguments used in previous request(s).',
    );
  }
  if (metadata.deletionTimestamp !== undefined) throw tryAgain('Instances of an earlier request with this client token are being removed.');
}

/** An answer that makes every SDK try again after a while. */
export function tryAgain(reason: string, cause?: unknown): AwsError {
  return new AwsError('ServiceUnavailable', `The request has failed due to a temporary failure of the server. ${reason} Try again.`, { status: 503, cause });
}

function parametersHashOf({ ClientToken: _token, DryRun: _dryRun, ...parameters }: RunInstancesRequest): string {
  return createHash('sha256').update(JSON.stringify(sorted(parameters))).digest('hex');
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

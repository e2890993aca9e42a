import { randomUUID } from 'node:crypto';
import type { RunInstancesRequest } from '@aws-sdk/client-ec2';
import { ec2IdFrom } from '../../../api/ec2-id.ts';
import type { Instance } from '../../../api/compute/instance.ts';
import { AwsError } from '../../errors.ts';
import { clientTokenOf, LAUNCH_TOKEN_LIMIT, parametersHashOf, requireSameParameters } from '../client-token.ts';

/** Names that a launch gives to what it makes. */
export interface LaunchIdentity {
  reservationId: string;
  clientToken: string | undefined;
  /** SHA-256, 64 hexadecimal digits. */
  parametersHash: string;
  /** Id of the instance at this position of the launch. */
  instanceId: (index: number) => string;
}

/**
 * The names follow from the client token, so a repeated call, to whichever replica and after whatever crash, finds what the first one made; without a
 * token they are random.
 * @throws AwsError InvalidParameterValue - a token of more than 64 characters or beyond ASCII
 */
export function launchIdentityFrom(input: RunInstancesRequest, accountId: string): LaunchIdentity {
  const clientToken = clientTokenOf(input, LAUNCH_TOKEN_LIMIT);
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
export function requireSameLaunch({ metadata, spec }: Instance, identity: LaunchIdentity): void {
  requireSameParameters(spec.launch, identity);
  if (metadata.deletionTimestamp !== undefined) throw tryAgain('Instances of an earlier request with this client token are being removed.');
}

/** An answer that makes every SDK try again after a while. */
export function tryAgain(reason: string, cause?: unknown): AwsError {
  return new AwsError('ServiceUnavailable', `The request has failed due to a temporary failure of the server. ${reason} Try again.`, { status: 503, cause });
}

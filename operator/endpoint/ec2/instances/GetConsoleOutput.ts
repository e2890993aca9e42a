import type { GetConsoleOutputRequest, GetConsoleOutputResult } from '@aws-sdk/client-ec2';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import { INSTANCE_ID_LABEL } from '../../../api/compute/instance.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { requireInstance } from './find-instances.ts';

/** EC2's limit. */
const OUTPUT_BYTES = 64 * 1024;
/** KubeVirt's container that writes what the guest says on its serial console. */
const CONSOLE_CONTAINER = 'guest-console-log';

/**
 * The last 64 KB of what the guest wrote on its serial console, as of now (Latest or not), base64; empty while no machine runs. It is read as the
 * caller, who needs the permission to read pods' logs.
 * @throws AwsError InvalidInstanceID.*, UnauthorizedOperation
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetConsoleOutput.html
 */
export async function getConsoleOutput(input: GetConsoleOutputRequest, context: ReadOnlyContext): Promise<GetConsoleOutputResult> {
  const { live, caller, clock } = context;
  const id = ec2IdOf('i', requireInstance(input.InstanceId ?? '', context));
  const log = await live.podLog({ namespace: caller.namespace, labelSelector: `${INSTANCE_ID_LABEL}=${id}`, container: CONSOLE_CONTAINER });
  return { InstanceId: id, Timestamp: new Date(clock.now()), Output: log?.subarray(-OUTPUT_BYTES).toString('base64') ?? '' };
}

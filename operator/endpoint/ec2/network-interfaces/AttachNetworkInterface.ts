import type { AttachNetworkInterfaceRequest, AttachNetworkInterfaceResult } from '@aws-sdk/client-ec2';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import { AwsError, invalidParameterValue } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { requireLiving } from '../instances/require-living.ts';
import { requireInterface } from './find-interface.ts';

/**
 * Refuses, as EC2 does for a type that takes no further interface: every type takes one here, on the pod network, and an instance is born with it.
 * @throws AwsError InvalidNetworkInterfaceID.NotFound, InvalidInstanceID.*, IncorrectInstanceState, InvalidNetworkInterface.InUse, InvalidParameterValue,
 *   AttachmentLimitExceeded
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AttachNetworkInterface.html
 */
export async function attachNetworkInterface(input: AttachNetworkInterfaceRequest, context: OperationContext): Promise<AttachNetworkInterfaceResult> {
  const { id, instance: holder } = requireInterface(input.NetworkInterfaceId ?? '', context);
  const instance = requireLiving(input.InstanceId, context);
  if (holder) throw new AwsError('InvalidNetworkInterface.InUse', `Interface: [${id}] in use.`);
  if (input.DeviceIndex === 0) throw invalidParameterValue('deviceIndex', '0', `Instance '${ec2IdOf('i', instance)}' already has an interface attached at device index '0'.`);
  throw new AwsError('AttachmentLimitExceeded', `Interface count 2 exceeds the limit for ${instance.status?.instanceType ?? instance.spec.instanceType}`);
}

import type { DetachNetworkInterfaceRequest } from '@aws-sdk/client-ec2';
import { attachmentIdOf } from '../../../api/network/network-interface.ts';
import { AwsError } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { everyInterface } from './DescribeNetworkInterfaces.ts';

/**
 * Refuses: the interface at device index 0, the only one that an instance has, cannot be detached, on EC2 either.
 * @throws AwsError InvalidAttachmentID.NotFound, OperationNotPermitted
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DetachNetworkInterface.html
 */
export async function detachNetworkInterface({ AttachmentId = '' }: DetachNetworkInterfaceRequest, context: OperationContext): Promise<void> {
  const isThere = everyInterface(context).some(({ instance }) => instance && attachmentIdOf(instance) === AttachmentId);
  if (!isThere) throw new AwsError('InvalidAttachmentID.NotFound', `The attachment '${AttachmentId}' does not exist.`);
  throw new AwsError('OperationNotPermitted', 'The network interface at device index 0 cannot be detached.');
}

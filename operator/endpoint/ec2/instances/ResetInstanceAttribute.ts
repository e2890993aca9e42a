import type { ResetInstanceAttributeRequest } from '@aws-sdk/client-ec2';
import { AwsError, invalidParameterValue } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { changeSpec } from './change-instance.ts';
import { requireLiving } from './require-living.ts';

/**
 * Sets the source/destination check to its default. Kernel and RAM disk, which EC2 resets too, do not exist here.
 * @throws AwsError InvalidInstanceID.*, IncorrectInstanceState, InvalidParameterValue, UnsupportedOperation
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ResetInstanceAttribute.html
 */
export async function resetInstanceAttribute(input: ResetInstanceAttributeRequest, context: OperationContext): Promise<void> {
  const attribute = input.Attribute ?? '';
  if (attribute === 'kernel' || attribute === 'ramdisk') throw new AwsError('UnsupportedOperation', `The attribute ${attribute} cannot be reset.`);
  if (attribute !== 'sourceDestCheck') throw invalidParameterValue('attribute', attribute, 'It must be kernel, ramdisk or sourceDestCheck.');
  const instance = requireLiving(input.InstanceId, context);
  if (!instance.spec.sourceDestCheck) await changeSpec(instance, { sourceDestCheck: true }, context.write);
}

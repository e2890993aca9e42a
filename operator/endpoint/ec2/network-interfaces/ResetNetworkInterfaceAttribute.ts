import type { ResetNetworkInterfaceAttributeRequest } from '@aws-sdk/client-ec2';
import { AwsError } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { changeInterface } from './change-interface.ts';
import { requireInterface } from './find-interface.ts';

/**
 * Sets the source/destination check back to true.
 * @throws AwsError InvalidNetworkInterfaceId.Malformed, InvalidNetworkInterfaceID.NotFound, InvalidParameterCombination
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ResetNetworkInterfaceAttribute.html
 */
export async function resetNetworkInterfaceAttribute({ NetworkInterfaceId = '', SourceDestCheck }: ResetNetworkInterfaceAttributeRequest, context: OperationContext): Promise<void> {
  if (!SourceDestCheck) throw new AwsError('InvalidParameterCombination', 'No attributes specified.');
  await changeInterface(requireInterface(NetworkInterfaceId, context), { sourceDestCheck: true }, context);
}

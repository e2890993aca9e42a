import type { ResetAddressAttributeRequest, ResetAddressAttributeResult } from '@aws-sdk/client-ec2';
import { invalidParameterValue } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { addressAttributeFrom } from './DescribeAddressesAttribute.ts';
import { requireAllocation } from './find-address.ts';

/**
 * Takes away the reverse name of an address, which has none.
 * @throws AwsError InvalidAllocationID.NotFound, InvalidParameterValue
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ResetAddressAttribute.html
 */
export async function resetAddressAttribute({ AllocationId = '', Attribute }: ResetAddressAttributeRequest, context: OperationContext): Promise<ResetAddressAttributeResult> {
  if (Attribute !== 'domain-name') throw invalidParameterValue('attribute', String(Attribute), 'It must be domain-name.');
  return { Address: addressAttributeFrom(requireAllocation(AllocationId, context)) };
}

import type { ModifyAddressAttributeRequest, ModifyAddressAttributeResult } from '@aws-sdk/client-ec2';
import { AwsError } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { addressAttributeFrom } from './DescribeAddressesAttribute.ts';
import { requireAllocation } from './find-address.ts';

/**
 * Refuses a reverse name: nothing here serves the reverse zone.
 * @throws AwsError InvalidAllocationID.NotFound, UnsupportedOperation
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyAddressAttribute.html
 */
export async function modifyAddressAttribute({ AllocationId = '', DomainName }: ModifyAddressAttributeRequest, context: OperationContext): Promise<ModifyAddressAttributeResult> {
  const elasticIp = requireAllocation(AllocationId, context);
  if (DomainName) throw new AwsError('UnsupportedOperation', 'Reverse DNS names of addresses are not supported.');
  return { Address: addressAttributeFrom(elasticIp) };
}

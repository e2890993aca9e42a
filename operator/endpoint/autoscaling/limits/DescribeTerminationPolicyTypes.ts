import type { DescribeTerminationPolicyTypesAnswer } from '@aws-sdk/client-auto-scaling';
import { TERMINATION_POLICIES } from '../../../api/auto-scaling/auto-scaling-group.ts';

/**
 * Lists the termination policies.
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeTerminationPolicyTypes.html
 */
export async function describeTerminationPolicyTypes(): Promise<DescribeTerminationPolicyTypesAnswer> {
  return { TerminationPolicyTypes: [...TERMINATION_POLICIES] };
}

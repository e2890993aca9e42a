import type { UpdateSecurityGroupRuleDescriptionsEgressRequest, UpdateSecurityGroupRuleDescriptionsEgressResult } from '@aws-sdk/client-ec2';
import type { OperationContext } from '../../operation.ts';
import { describeRules } from './describe-rules.ts';

/**
 * Changes what rules about what members may send are said to be for.
 * @throws AwsError see describe-rules.ts
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_UpdateSecurityGroupRuleDescriptionsEgress.html
 */
export async function updateSecurityGroupRuleDescriptionsEgress(
  input: UpdateSecurityGroupRuleDescriptionsEgressRequest,
  context: OperationContext,
): Promise<UpdateSecurityGroupRuleDescriptionsEgressResult> {
  return describeRules(input, 'egress', context);
}

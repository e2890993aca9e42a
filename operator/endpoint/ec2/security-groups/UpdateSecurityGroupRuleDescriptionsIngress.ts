import type { UpdateSecurityGroupRuleDescriptionsIngressRequest, UpdateSecurityGroupRuleDescriptionsIngressResult } from '@aws-sdk/client-ec2';
import type { OperationContext } from '../../operation.ts';
import { describeRules } from './describe-rules.ts';

/**
 * Changes what rules about what members may receive are said to be for.
 * @throws AwsError see describe-rules.ts
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_UpdateSecurityGroupRuleDescriptionsIngress.html
 */
export async function updateSecurityGroupRuleDescriptionsIngress(
  input: UpdateSecurityGroupRuleDescriptionsIngressRequest,
  context: OperationContext,
): Promise<UpdateSecurityGroupRuleDescriptionsIngressResult> {
  return describeRules(input, 'ingress', context);
}

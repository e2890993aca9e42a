import type { RevokeSecurityGroupEgressRequest, RevokeSecurityGroupEgressResult } from '@aws-sdk/client-ec2';
import type { OperationContext } from '../../operation.ts';
import { revokeRules } from './revoke-rules.ts';

/**
 * Takes rules away about what members may send. A rule that is not there is an error, in the default VPC too.
 * @throws AwsError see revoke-rules.ts
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RevokeSecurityGroupEgress.html
 */
export async function revokeSecurityGroupEgress(input: RevokeSecurityGroupEgressRequest, context: OperationContext): Promise<RevokeSecurityGroupEgressResult> {
  return revokeRules(input, 'egress', context);
}

import type { RevokeSecurityGroupIngressRequest, RevokeSecurityGroupIngressResult } from '@aws-sdk/client-ec2';
import type { OperationContext } from '../../operation.ts';
import { revokeRules } from './revoke-rules.ts';

/**
 * Takes rules away about what members may receive. A rule that is not there is an error, in the default VPC too.
 * @throws AwsError see revoke-rules.ts
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RevokeSecurityGroupIngress.html
 */
export async function revokeSecurityGroupIngress(input: RevokeSecurityGroupIngressRequest, context: OperationContext): Promise<RevokeSecurityGroupIngressResult> {
  return revokeRules(input, 'ingress', context);
}

import type { AuthorizeSecurityGroupEgressRequest, AuthorizeSecurityGroupEgressResult } from '@aws-sdk/client-ec2';
import type { OperationContext } from '../../operation.ts';
import { authorizeRules } from './authorize-rules.ts';

/**
 * Adds rules about what members may send.
 * @throws AwsError see authorize-rules.ts
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AuthorizeSecurityGroupEgress.html
 */
export async function authorizeSecurityGroupEgress(input: AuthorizeSecurityGroupEgressRequest, context: OperationContext): Promise<AuthorizeSecurityGroupEgressResult> {
  return authorizeRules(input, 'egress', context);
}

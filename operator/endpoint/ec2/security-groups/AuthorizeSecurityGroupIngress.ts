import type { AuthorizeSecurityGroupIngressRequest, AuthorizeSecurityGroupIngressResult } from '@aws-sdk/client-ec2';
import type { OperationContext } from '../../operation.ts';
import { authorizeRules } from './authorize-rules.ts';

/**
 * Adds rules about what members may receive.
 * @throws AwsError see authorize-rules.ts
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AuthorizeSecurityGroupIngress.html
 */
export async function authorizeSecurityGroupIngress(input: AuthorizeSecurityGroupIngressRequest, context: OperationContext): Promise<AuthorizeSecurityGroupIngressResult> {
  return authorizeRules(input, 'ingress', context);
}

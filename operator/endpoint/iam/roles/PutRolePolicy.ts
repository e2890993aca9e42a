import type { PutRolePolicyRequest } from '@aws-sdk/client-iam';
import type { OperationContext } from '../../operation.ts';
import { findRole } from '../entities.ts';
import { putInlinePolicy } from '../identity-policies.ts';

/**
 * Writes an inline policy of a role; what cannot be enforced is refused.
 * @throws AwsError NoSuchEntity, MalformedPolicyDocument, LimitExceeded
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html
 */
export async function putRolePolicy(input: PutRolePolicyRequest, context: OperationContext): Promise<void> {
  await putInlinePolicy(findRole(input.RoleName ?? '', context), input.PolicyName, input.PolicyDocument ?? '', context);
}

import type { DeleteUserPolicyRequest } from '@aws-sdk/client-iam';
import type { OperationContext } from '../../operation.ts';
import { findUser } from '../entities.ts';
import { deleteInlinePolicy } from '../identity-policies.ts';

/**
 * Removes an inline policy of a user.
 * @throws AwsError NoSuchEntity
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteUserPolicy.html
 */
export async function deleteUserPolicy(input: DeleteUserPolicyRequest, context: OperationContext): Promise<void> {
  await deleteInlinePolicy(findUser(input.UserName ?? '', context), input.PolicyName, context);
}

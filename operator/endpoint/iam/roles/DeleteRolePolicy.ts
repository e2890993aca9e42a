import type { DeleteRolePolicyRequest } from '@aws-sdk/client-iam';
import type { OperationContext } from '../../operation.ts';
import { findRole } from '../entities.ts';
import { deleteInlinePolicy } from '../identity-policies.ts';

/**
 * Removes an inline policy of a role.
 * @throws AwsError NoSuchEntity
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRolePolicy.html
 */
export async function deleteRolePolicy(input: DeleteRolePolicyRequest, context: OperationContext): Promise<void> {
  await deleteInlinePolicy(findRole(input.RoleName ?? '', context), input.PolicyName, context);
}

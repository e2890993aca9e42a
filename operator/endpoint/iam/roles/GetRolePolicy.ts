import type { GetRolePolicyRequest, GetRolePolicyResponse } from '@aws-sdk/client-iam';
import { roleNameOf } from '../../../api/identity/iam-role.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { findRole } from '../entities.ts';
import { inlinePolicyOf } from '../identity-policies.ts';

/**
 * Shows an inline policy of a role.
 * @throws AwsError NoSuchEntity
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRolePolicy.html
 */
export async function getRolePolicy(input: GetRolePolicyRequest, context: ReadOnlyContext): Promise<GetRolePolicyResponse> {
  const role = findRole(input.RoleName ?? '', context);
  const { name, document } = inlinePolicyOf(role, input.PolicyName);
  return { RoleName: roleNameOf(role), PolicyName: name, PolicyDocument: document };
}

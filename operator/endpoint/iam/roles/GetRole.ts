import type { GetRoleRequest, GetRoleResponse } from '@aws-sdk/client-iam';
import type { ReadOnlyContext } from '../../operation.ts';
import { findRole, sdkRoleFrom } from '../entities.ts';

/**
 * Shows a role.
 * @throws AwsError NoSuchEntity
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html
 */
export async function getRole(input: GetRoleRequest, context: ReadOnlyContext): Promise<GetRoleResponse> {
  return { Role: sdkRoleFrom(findRole(input.RoleName ?? '', context), context.caller.accountId) };
}

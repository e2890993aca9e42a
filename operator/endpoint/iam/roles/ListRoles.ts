import type { ListRolesRequest, ListRolesResponse } from '@aws-sdk/client-iam';
import { roleNameOf } from '../../../api/identity/iam-role.ts';
import { IamRole } from '../../../kubernetes/resources.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { sdkRoleFrom } from '../entities.ts';
import { markerPageOf } from '../pages.ts';

/**
 * Lists the roles of the account.
 * @throws AwsError ValidationError
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRoles.html
 */
export async function listRoles(input: ListRolesRequest, context: ReadOnlyContext): Promise<ListRolesResponse> {
  const { read, caller } = context;
  const roles = read.list(IamRole, caller.namespace).filter(({ spec }) => spec.path.startsWith(input.PathPrefix ?? '/'));
  const { items, position } = markerPageOf('ListRoles', roles, input, context, (role) => roleNameOf(role).toLowerCase());
  return { Roles: items.map((role) => sdkRoleFrom(role, caller.accountId)), ...position };
}

import type { ListRolePoliciesRequest, ListRolePoliciesResponse } from '@aws-sdk/client-iam';
import type { ReadOnlyContext } from '../../operation.ts';
import { findRole } from '../entities.ts';
import { markerPageOf } from '../pages.ts';

/**
 * Lists the names of the inline policies of a role.
 * @throws AwsError NoSuchEntity, ValidationError
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRolePolicies.html
 */
export async function listRolePolicies(input: ListRolePoliciesRequest, context: ReadOnlyContext): Promise<ListRolePoliciesResponse> {
  const names = findRole(input.RoleName ?? '', context).spec.inlinePolicies.map(({ name }) => name);
  const { items, position } = markerPageOf('ListRolePolicies', names, input, context, (name) => name);
  return { PolicyNames: items, ...position };
}

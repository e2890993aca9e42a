import type { ListUserPoliciesRequest, ListUserPoliciesResponse } from '@aws-sdk/client-iam';
import type { ReadOnlyContext } from '../../operation.ts';
import { findUser } from '../entities.ts';
import { markerPageOf } from '../pages.ts';

/**
 * Lists the names of the inline policies of a user.
 * @throws AwsError NoSuchEntity, ValidationError
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListUserPolicies.html
 */
export async function listUserPolicies(input: ListUserPoliciesRequest, context: ReadOnlyContext): Promise<ListUserPoliciesResponse> {
  const names = findUser(input.UserName ?? '', context).spec.inlinePolicies.map(({ name }) => name);
  const { items, position } = markerPageOf('ListUserPolicies', names, input, context, (name) => name);
  return { PolicyNames: items, ...position };
}

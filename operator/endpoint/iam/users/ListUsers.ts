import type { ListUsersRequest, ListUsersResponse } from '@aws-sdk/client-iam';
import { userNameOf } from '../../../api/identity/iam-user.ts';
import { IamUser } from '../../../kubernetes/resources.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { sdkUserFrom } from '../entities.ts';
import { markerPageOf } from '../pages.ts';

/**
 * Lists the users of the account.
 * @throws AwsError ValidationError
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListUsers.html
 */
export async function listUsers(input: ListUsersRequest, context: ReadOnlyContext): Promise<ListUsersResponse> {
  const { read, caller } = context;
  const users = read.list(IamUser, caller.namespace).filter(({ spec }) => spec.path.startsWith(input.PathPrefix ?? '/'));
  const { items, position } = markerPageOf('ListUsers', users, input, context, (user) => userNameOf(user).toLowerCase());
  return { Users: items.map((user) => sdkUserFrom(user, caller.accountId)), ...position };
}

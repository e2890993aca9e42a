import type { GetUserRequest, GetUserResponse } from '@aws-sdk/client-iam';
import { accountOf } from '../../ec2/indexes.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { keyOwnerFrom } from '../access-keys.ts';
import { sdkUserFrom } from '../entities.ts';

/**
 * Shows a user; without a name the one whose key signed, or the root.
 * @throws AwsError NoSuchEntity, ValidationError
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetUser.html
 */
export async function getUser(input: GetUserRequest, context: ReadOnlyContext): Promise<GetUserResponse> {
  const { caller, read } = context;
  const user = keyOwnerFrom(input.UserName, context);
  if (user !== undefined) return { User: sdkUserFrom(user, caller.accountId) };
  // Root is no IamUser; its name is that of the Account.
  const account = accountOf(read, caller.accountId);
  const CreateDate = new Date(account?.metadata.creationTimestamp ?? 0);
  return { User: { Path: '/', UserName: account?.spec.alias ?? account?.metadata.name, UserId: caller.accountId, Arn: caller.arn, CreateDate } };
}

import type { ListAccessKeysRequest, ListAccessKeysResponse } from '@aws-sdk/client-iam';
import type { ReadOnlyContext } from '../../operation.ts';
import { accessKeysOf, keyOwnerFrom, keyOwnerName } from '../access-keys.ts';
import { markerPageOf } from '../pages.ts';

/**
 * Lists the access keys of a user, or of the caller, without their secrets.
 * @throws AwsError NoSuchEntity, ValidationError
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAccessKeys.html
 */
export async function listAccessKeys(input: ListAccessKeysRequest, context: ReadOnlyContext): Promise<ListAccessKeysResponse> {
  const owner = keyOwnerFrom(input.UserName, context);
  const UserName = keyOwnerName(owner, context.caller.accountId);
  const { items, position } = markerPageOf('ListAccessKeys', accessKeysOf(owner, context), input, context, ({ accessKeyId }) => accessKeyId);
  return {
    AccessKeyMetadata: items.map(({ accessKeyId, status, createDate }) => ({ UserName, AccessKeyId: accessKeyId, Status: status, CreateDate: createDate })),
    ...position,
  };
}

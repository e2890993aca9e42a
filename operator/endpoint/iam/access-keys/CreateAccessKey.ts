import type { CreateAccessKeyRequest, CreateAccessKeyResponse } from '@aws-sdk/client-iam';
import { Secret } from '../../../kubernetes/resources.ts';
import { AwsError } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { accessKeysOf, keyOwnerFrom, keyOwnerName, newAccessKey } from '../access-keys.ts';

/**
 * Makes an access key and hands out its secret: in this answer and never again.
 * @throws AwsError NoSuchEntity, LimitExceeded
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateAccessKey.html
 */
export async function createAccessKey(input: CreateAccessKeyRequest, context: OperationContext): Promise<CreateAccessKeyResponse> {
  const { caller, write } = context;
  const owner = keyOwnerFrom(input.UserName, context);
  if (accessKeysOf(owner, context).length >= 2) throw new AwsError('LimitExceeded', 'Cannot exceed quota for AccessKeysPerUser: 2', { status: 409 });
  const { accessKeyId, secretAccessKey, secret } = newAccessKey(owner, caller);
  const created = await write.create(Secret, secret);
  const CreateDate = new Date(created.metadata?.creationTimestamp ?? context.clock.now());
  return {
    AccessKey: { UserName: keyOwnerName(owner, caller.accountId), AccessKeyId: accessKeyId, Status: 'Active', SecretAccessKey: secretAccessKey, CreateDate },
  };
}

import type { DeleteAccessKeyRequest } from '@aws-sdk/client-iam';
import { Secret } from '../../../kubernetes/resources.ts';
import type { OperationContext } from '../../operation.ts';
import { findAccessKey, keyOwnerFrom } from '../access-keys.ts';
import { removeEntity } from '../entities.ts';

/**
 * Removes an access key.
 * @throws AwsError NoSuchEntity
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteAccessKey.html
 */
export async function deleteAccessKey(input: DeleteAccessKeyRequest, context: OperationContext): Promise<void> {
  const { secretName } = findAccessKey(input.AccessKeyId ?? '', keyOwnerFrom(input.UserName, context), context);
  await removeEntity(Secret, { metadata: { namespace: context.caller.namespace, name: secretName } }, context);
}

import type { UpdateAccessKeyRequest } from '@aws-sdk/client-iam';
import { Secret } from '../../../kubernetes/resources.ts';
import { ACCESS_KEY_STATUS_FIELD } from '../../credentials.ts';
import { AwsError } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { findAccessKey, keyOwnerFrom } from '../access-keys.ts';

/**
 * Switches an access key off or on again.
 * @throws AwsError NoSuchEntity, ValidationError
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAccessKey.html
 */
export async function updateAccessKey(input: UpdateAccessKeyRequest, context: OperationContext): Promise<void> {
  const { AccessKeyId = '', Status, UserName } = input;
  if (Status !== 'Active' && Status !== 'Inactive') throw new AwsError('ValidationError', `Value '${String(Status)}' at 'status' failed to satisfy constraint: Member must satisfy enum value set: [Active, Inactive]`);
  const key = findAccessKey(AccessKeyId, keyOwnerFrom(UserName, context), context);
  const data = { [ACCESS_KEY_STATUS_FIELD]: Buffer.from(Status).toString('base64') };
  await context.write.patch(Secret, { namespace: context.caller.namespace, name: key.secretName }, { data });
}

import type { DeleteUserRequest } from '@aws-sdk/client-iam';
import { IamUser } from '../../../kubernetes/resources.ts';
import type { OperationContext } from '../../operation.ts';
import { accessKeysOf } from '../access-keys.ts';
import { deleteConflict, findUser, removeEntity } from '../entities.ts';

/**
 * Removes a user that has neither keys nor policies left.
 * @throws AwsError NoSuchEntity, DeleteConflict
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteUser.html
 */
export async function deleteUser(input: DeleteUserRequest, context: OperationContext): Promise<void> {
  const user = findUser(input.UserName ?? '', context);
  if (user.spec.attachedPolicies.length > 0) throw deleteConflict('Cannot delete entity, must detach all policies first.');
  if (user.spec.inlinePolicies.length > 0) throw deleteConflict('Cannot delete entity, must delete policies first.');
  if (accessKeysOf(user, context).length > 0) throw deleteConflict('Cannot delete entity, must delete access keys first.');
  await removeEntity(IamUser, user, context);
}

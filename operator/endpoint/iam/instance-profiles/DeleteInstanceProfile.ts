import type { DeleteInstanceProfileRequest } from '@aws-sdk/client-iam';
import { InstanceProfile } from '../../../kubernetes/resources.ts';
import type { OperationContext } from '../../operation.ts';
import { deleteConflict, findInstanceProfile, removeEntity } from '../entities.ts';

/**
 * Removes an instance profile that holds no role.
 * @throws AwsError NoSuchEntity, DeleteConflict
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteInstanceProfile.html
 */
export async function deleteInstanceProfile(input: DeleteInstanceProfileRequest, context: OperationContext): Promise<void> {
  const profile = findInstanceProfile(input.InstanceProfileName ?? '', context);
  if (profile.spec.roleName !== undefined) throw deleteConflict('Cannot delete entity, must remove roles from instance profile first.');
  await removeEntity(InstanceProfile, profile, context);
}

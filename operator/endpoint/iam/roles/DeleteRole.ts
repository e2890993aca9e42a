import type { DeleteRoleRequest } from '@aws-sdk/client-iam';
import { roleNameOf } from '../../../api/identity/iam-role.ts';
import { IamRole, InstanceProfile } from '../../../kubernetes/resources.ts';
import type { OperationContext } from '../../operation.ts';
import { deleteConflict, findRole, isSameName, removeEntity } from '../entities.ts';

/**
 * Removes a role that has no policies left and is in no instance profile; its sessions end.
 * @throws AwsError NoSuchEntity, DeleteConflict
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRole.html
 */
export async function deleteRole(input: DeleteRoleRequest, context: OperationContext): Promise<void> {
  const role = findRole(input.RoleName ?? '', context);
  const profiles = context.read.list(InstanceProfile, context.caller.namespace);
  if (profiles.some(({ spec }) => spec.roleName !== undefined && isSameName(spec.roleName, roleNameOf(role)))) {
    throw deleteConflict('Cannot delete entity, must remove roles from instance profile first.');
  }
  if (role.spec.attachedPolicies.length > 0) throw deleteConflict('Cannot delete entity, must detach all policies first.');
  if (role.spec.inlinePolicies.length > 0) throw deleteConflict('Cannot delete entity, must delete policies first.');
  await removeEntity(IamRole, role, context);
}

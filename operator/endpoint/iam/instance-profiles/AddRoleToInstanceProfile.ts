import type { AddRoleToInstanceProfileRequest } from '@aws-sdk/client-iam';
import { roleNameOf } from '../../../api/identity/iam-role.ts';
import { InstanceProfile } from '../../../kubernetes/resources.ts';
import { AwsError } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { changeEntity, findInstanceProfile, findRole } from '../entities.ts';

/**
 * Puts a role into an instance profile, which holds one at most.
 * @throws AwsError NoSuchEntity, LimitExceeded
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_AddRoleToInstanceProfile.html
 */
export async function addRoleToInstanceProfile(input: AddRoleToInstanceProfileRequest, context: OperationContext): Promise<void> {
  const profile = findInstanceProfile(input.InstanceProfileName ?? '', context);
  const role = findRole(input.RoleName ?? '', context);
  if (profile.spec.roleName !== undefined) throw new AwsError('LimitExceeded', 'Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1', { status: 409 });
  await changeEntity(InstanceProfile, profile, { roleName: roleNameOf(role) }, context);
}

import type { RemoveRoleFromInstanceProfileRequest } from '@aws-sdk/client-iam';
import { InstanceProfile } from '../../../kubernetes/resources.ts';
import type { OperationContext } from '../../operation.ts';
import { changeEntity, findInstanceProfile, isSameName, noSuchEntity } from '../entities.ts';

/**
 * Takes the role out of an instance profile.
 * @throws AwsError NoSuchEntity
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_RemoveRoleFromInstanceProfile.html
 */
export async function removeRoleFromInstanceProfile(input: RemoveRoleFromInstanceProfileRequest, context: OperationContext): Promise<void> {
  const { InstanceProfileName = '', RoleName = '' } = input;
  const profile = findInstanceProfile(InstanceProfileName, context);
  if (profile.spec.roleName === undefined || !isSameName(profile.spec.roleName, RoleName)) throw noSuchEntity(`The role ${RoleName} in instance profile ${InstanceProfileName}`);
  await changeEntity(InstanceProfile, profile, { roleName: null }, context);
}

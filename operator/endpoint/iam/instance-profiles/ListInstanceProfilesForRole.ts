import type { ListInstanceProfilesForRoleRequest, ListInstanceProfilesForRoleResponse } from '@aws-sdk/client-iam';
import { roleNameOf } from '../../../api/identity/iam-role.ts';
import { instanceProfileNameOf } from '../../../api/identity/instance-profile.ts';
import { InstanceProfile } from '../../../kubernetes/resources.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { findRole, isSameName, sdkInstanceProfileFrom } from '../entities.ts';
import { markerPageOf } from '../pages.ts';

/**
 * Lists the instance profiles that hold a role.
 * @throws AwsError NoSuchEntity, ValidationError
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListInstanceProfilesForRole.html
 */
export async function listInstanceProfilesForRole(input: ListInstanceProfilesForRoleRequest, context: ReadOnlyContext): Promise<ListInstanceProfilesForRoleResponse> {
  const roleName = roleNameOf(findRole(input.RoleName ?? '', context));
  const profiles = context.read.list(InstanceProfile, context.caller.namespace).filter(({ spec }) => spec.roleName !== undefined && isSameName(spec.roleName, roleName));
  const { items, position } = markerPageOf('ListInstanceProfilesForRole', profiles, input, context, (profile) => instanceProfileNameOf(profile).toLowerCase());
  return { InstanceProfiles: items.map((profile) => sdkInstanceProfileFrom(profile, context)), ...position };
}

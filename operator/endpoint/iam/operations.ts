import type { OperationTable } from '../operation.ts';
import { iamAccess } from './access.ts';
import { createAccessKey } from './access-keys/CreateAccessKey.ts';
import { deleteAccessKey } from './access-keys/DeleteAccessKey.ts';
import { listAccessKeys } from './access-keys/ListAccessKeys.ts';
import { updateAccessKey } from './access-keys/UpdateAccessKey.ts';
import { addRoleToInstanceProfile } from './instance-profiles/AddRoleToInstanceProfile.ts';
import { createInstanceProfile } from './instance-profiles/CreateInstanceProfile.ts';
import { deleteInstanceProfile } from './instance-profiles/DeleteInstanceProfile.ts';
import { getInstanceProfile } from './instance-profiles/GetInstanceProfile.ts';
import { listInstanceProfiles } from './instance-profiles/ListInstanceProfiles.ts';
import { listInstanceProfilesForRole } from './instance-profiles/ListInstanceProfilesForRole.ts';
import { removeRoleFromInstanceProfile } from './instance-profiles/RemoveRoleFromInstanceProfile.ts';
import { attachRolePolicy } from './roles/AttachRolePolicy.ts';
import { createRole } from './roles/CreateRole.ts';
import { deleteRole } from './roles/DeleteRole.ts';
import { deleteRolePolicy } from './roles/DeleteRolePolicy.ts';
import { detachRolePolicy } from './roles/DetachRolePolicy.ts';
import { getRole } from './roles/GetRole.ts';
import { getRolePolicy } from './roles/GetRolePolicy.ts';
import { listAttachedRolePolicies } from './roles/ListAttachedRolePolicies.ts';
import { listRolePolicies } from './roles/ListRolePolicies.ts';
import { listRoles } from './roles/ListRoles.ts';
import { putRolePolicy } from './roles/PutRolePolicy.ts';
import { updateAssumeRolePolicy } from './roles/UpdateAssumeRolePolicy.ts';
import { attachUserPolicy } from './users/AttachUserPolicy.ts';
import { createUser } from './users/CreateUser.ts';
import { deleteUser } from './users/DeleteUser.ts';
import { deleteUserPolicy } from './users/DeleteUserPolicy.ts';
import { detachUserPolicy } from './users/DetachUserPolicy.ts';
import { getUser } from './users/GetUser.ts';
import { getUserPolicy } from './users/GetUserPolicy.ts';
import { listAttachedUserPolicies } from './users/ListAttachedUserPolicies.ts';
import { listUserPolicies } from './users/ListUserPolicies.ts';
import { listUsers } from './users/ListUsers.ts';
import { putUserPolicy } from './users/PutUserPolicy.ts';

/** Every IAM action that is implemented. Sorted by name. */
export const iamOperations = {
  AddRoleToInstanceProfile: { run: addRoleToInstanceProfile, access: iamAccess.AddRoleToInstanceProfile },
  AttachRolePolicy: { run: attachRolePolicy, access: iamAccess.AttachRolePolicy },
  AttachUserPolicy: { run: attachUserPolicy, access: iamAccess.AttachUserPolicy },
  CreateAccessKey: { run: createAccessKey, access: iamAccess.CreateAccessKey },
  CreateInstanceProfile: { run: createInstanceProfile, access: iamAccess.CreateInstanceProfile },
  CreateRole: { run: createRole, access: iamAccess.CreateRole },
  CreateUser: { run: createUser, access: iamAccess.CreateUser },
  DeleteAccessKey: { run: deleteAccessKey, access: iamAccess.DeleteAccessKey },
  DeleteInstanceProfile: { run: deleteInstanceProfile, access: iamAccess.DeleteInstanceProfile },
  DeleteRole: { run: deleteRole, access: iamAccess.DeleteRole },
  DeleteRolePolicy: { run: deleteRolePolicy, access: iamAccess.DeleteRolePolicy },
  DeleteUser: { run: deleteUser, access: iamAccess.DeleteUser },
  DeleteUserPolicy: { run: deleteUserPolicy, access: iamAccess.DeleteUserPolicy },
  DetachRolePolicy: { run: detachRolePolicy, access: iamAccess.DetachRolePolicy },
  DetachUserPolicy: { run: detachUserPolicy, access: iamAccess.DetachUserPolicy },
  GetInstanceProfile: { run: getInstanceProfile, access: iamAccess.GetInstanceProfile },
  GetRole: { run: getRole, access: iamAccess.GetRole },
  GetRolePolicy: { run: getRolePolicy, access: iamAccess.GetRolePolicy },
  GetUser: { run: getUser, access: iamAccess.GetUser },
  GetUserPolicy: { run: getUserPolicy, access: iamAccess.GetUserPolicy },
  ListAccessKeys: { run: listAccessKeys, access: iamAccess.ListAccessKeys },
  ListAttachedRolePolicies: { run: listAttachedRolePolicies, access: iamAccess.ListAttachedRolePolicies },
  ListAttachedUserPolicies: { run: listAttachedUserPolicies, access: iamAccess.ListAttachedUserPolicies },
  ListInstanceProfiles: { run: listInstanceProfiles, access: iamAccess.ListInstanceProfiles },
  ListInstanceProfilesForRole: { run: listInstanceProfilesForRole, access: iamAccess.ListInstanceProfilesForRole },
  ListRolePolicies: { run: listRolePolicies, access: iamAccess.ListRolePolicies },
  ListRoles: { run: listRoles, access: iamAccess.ListRoles },
  ListUserPolicies: { run: listUserPolicies, access: iamAccess.ListUserPolicies },
  ListUsers: { run: listUsers, access: iamAccess.ListUsers },
  PutRolePolicy: { run: putRolePolicy, access: iamAccess.PutRolePolicy },
  PutUserPolicy: { run: putUserPolicy, access: iamAccess.PutUserPolicy },
  RemoveRoleFromInstanceProfile: { run: removeRoleFromInstanceProfile, access: iamAccess.RemoveRoleFromInstanceProfile },
  UpdateAccessKey: { run: updateAccessKey, access: iamAccess.UpdateAccessKey },
  UpdateAssumeRolePolicy: { run: updateAssumeRolePolicy, access: iamAccess.UpdateAssumeRolePolicy },
} satisfies OperationTable;

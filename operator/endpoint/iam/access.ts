import { IamRole, IamUser, InstanceProfile, Secret } from '../../kubernetes/resources.ts';
import type { Access } from '../operation.ts';

const user = (verb: Access['verb']): Access[] => [{ verb, resource: IamUser }];
const role = (verb: Access['verb']): Access[] => [{ verb, resource: IamRole }];
const profile = (verb: Access['verb']): Access[] => [{ verb, resource: InstanceProfile }];
const secret = (verb: Access['verb']): Access[] => [{ verb, resource: Secret }];

/** What callers of IAM actions must be allowed to do. Apart from the table of operations, since policies need it too: PutUserPolicy turns action names into permissions. */
export const iamAccess = {
  AddRoleToInstanceProfile: profile('patch'),
  AttachRolePolicy: role('patch'),
  AttachUserPolicy: user('patch'),
  CreateAccessKey: secret('create'),
  CreateInstanceProfile: profile('create'),
  CreateRole: role('create'),
  CreateUser: user('create'),
  DeleteAccessKey: secret('delete'),
  DeleteInstanceProfile: profile('delete'),
  DeleteRole: role('delete'),
  DeleteRolePolicy: role('patch'),
  DeleteUser: user('delete'),
  DeleteUserPolicy: user('patch'),
  DetachRolePolicy: role('patch'),
  DetachUserPolicy: user('patch'),
  GetInstanceProfile: profile('get'),
  GetRole: role('get'),
  GetRolePolicy: role('get'),
  GetUser: user('get'),
  GetUserPolicy: user('get'),
  // The ids of keys are no secrets, so seeing the user is enough.
  ListAccessKeys: user('get'),
  ListAttachedRolePolicies: role('get'),
  ListAttachedUserPolicies: user('get'),
  ListInstanceProfiles: profile('list'),
  ListInstanceProfilesForRole: profile('list'),
  ListRolePolicies: role('get'),
  ListRoles: role('list'),
  ListUserPolicies: user('get'),
  ListUsers: user('list'),
  PutRolePolicy: role('patch'),
  PutUserPolicy: user('patch'),
  RemoveRoleFromInstanceProfile: profile('patch'),
  UpdateAccessKey: secret('patch'),
  UpdateAssumeRolePolicy: role('patch'),
} satisfies Record<string, Access[]>;

import { createHash } from 'node:crypto';
import type { InstanceProfile as SdkInstanceProfile, Role as SdkRole, Tag as SdkTag, User as SdkUser } from '@aws-sdk/client-iam';
import { iamIdOf } from '../../api/identity/iam-identity.ts';
import { roleNameOf } from '../../api/identity/iam-role.ts';
import { userNameOf } from '../../api/identity/iam-user.ts';
import { instanceProfileArnOf, instanceProfileNameOf } from '../../api/identity/instance-profile.ts';
import type { KubernetesObject, Tag } from '../../api/shared.ts';
import { isAlreadyExists, isConflict, isNotFound } from '../../kubernetes/errors.ts';
import type { ResourceType } from '../../kubernetes/resource-type.ts';
import { IamRole, IamUser, InstanceProfile } from '../../kubernetes/resources.ts';
import type { Json } from '../../kubernetes/write.ts';
import { AwsError } from '../errors.ts';
import type { OperationContext, ReadOnlyContext } from '../operation.ts';

/** Kinds that IAM knows by name. */
export type Entity = IamUser | IamRole | InstanceProfile;

/** IAM's answer for what does not exist. */
export function noSuchEntity(what: string): AwsError {
  return new AwsError('NoSuchEntity', `${what} cannot be found.`, { status: 404 });
}

/** A change in the way of another one. */
export function entityAlreadyExists(what: string): AwsError {
  return new AwsError('EntityAlreadyExists', `${what} already exists.`, { status: 409 });
}

/** What still hangs on an entity that is to be deleted. */
export function deleteConflict(message: string): AwsError {
  return new AwsError('DeleteConflict', message, { status: 409 });
}

/** The user of this name. @throws AwsError NoSuchEntity */
export function findUser(userName: string, { read, caller }: Pick<ReadOnlyContext, 'read' | 'caller'>): IamUser {
  const user = read.list(IamUser, caller.namespace).find((candidate) => isSameName(userNameOf(candidate), userName));
  if (user === undefined) throw noSuchEntity(`The user with name ${userName}`);
  return user;
}

/** The role of this name. @throws AwsError NoSuchEntity */
export function findRole(roleName: string, { read, caller }: Pick<ReadOnlyContext, 'read' | 'caller'>): IamRole {
  const role = read.list(IamRole, caller.namespace).find((candidate) => isSameName(roleNameOf(candidate), roleName));
  if (role === undefined) throw noSuchEntity(`The role with name ${roleName}`);
  return role;
}

/** The instance profile of this name. @throws AwsError NoSuchEntity */
export function findInstanceProfile(name: string, { read, caller }: Pick<ReadOnlyContext, 'read' | 'caller'>): InstanceProfile {
  const profile = read.list(InstanceProfile, caller.namespace).find((candidate) => isSameName(instanceProfileNameOf(candidate), name));
  if (profile === undefined) throw noSuchEntity(`Instance Profile ${name}`);
  return profile;
}

/** Whether the name is taken, in whatever case. */
export function hasUser(name: string, { read, caller }: Pick<ReadOnlyContext, 'read' | 'caller'>): boolean {
  return read.list(IamUser, caller.namespace).some((candidate) => isSameName(userNameOf(candidate), name));
}

/** Whether the name is taken, in whatever case. */
export function hasRole(name: string, { read, caller }: Pick<ReadOnlyContext, 'read' | 'caller'>): boolean {
  return read.list(IamRole, caller.namespace).some((candidate) => isSameName(roleNameOf(candidate), name));
}

/** Whether the name is taken, in whatever case. */
export function hasInstanceProfile(name: string, { read, caller }: Pick<ReadOnlyContext, 'read' | 'caller'>): boolean {
  return read.list(InstanceProfile, caller.namespace).some((candidate) => isSameName(instanceProfileNameOf(candidate), name));
}

/** Whether two names are the same to IAM. */
export function isSameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** Name of the object for an entity's name: the same for both cases, so that of two calls at once one loses. Pure. */
export function entityObjectName(name: string): string {
  const lower = name.toLowerCase();
  return /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(lower) ? lower : `x-${createHash('sha256').update(lower).digest('hex').slice(0, 40)}`;
}

/** Creates an entity. @throws AwsError EntityAlreadyExists, naming `what` */
export async function createEntity<T extends Entity>(type: ResourceType<T>, object: T, what: string, { write }: OperationContext): Promise<T> {
  return write.create(type, object).catch((error: unknown) => {
    if (isAlreadyExists(error)) throw entityAlreadyExists(what);
    throw error;
  });
}

/** Changes an entity's spec, unless somebody else changed it since it was read. @throws AwsError NoSuchEntity, ConcurrentModification */
export async function changeEntity<T extends Entity>(type: ResourceType<T>, { metadata }: Entity, spec: Json, { write }: OperationContext): Promise<void> {
  const { namespace, name, resourceVersion } = metadata;
  await write.patch(type, { namespace, name }, { metadata: { resourceVersion }, spec }).catch((error: unknown) => {
    if (isNotFound(error)) throw noSuchEntity(name);
    if (isConflict(error)) throw new AwsError('ConcurrentModification', 'The entity was changed by another request. Try again.', { status: 409, cause: error });
    throw error;
  });
}

/** Removes an entity; gone already counts as removed. */
export async function removeEntity<T extends KubernetesObject>(type: ResourceType<T>, { metadata }: Pick<Entity, 'metadata'>, { write }: OperationContext): Promise<void> {
  const { namespace, name, uid } = metadata;
  await write.remove(type, { namespace, name }, uid === undefined ? {} : { uid }).catch((error: unknown) => {
    if (!isNotFound(error)) throw error;
  });
}

/** ARN of a user. Pure. */
export function userArn(user: IamUser, accountId: string): string {
  return `arn:aws:iam::${accountId}:user${user.spec.path}${userNameOf(user)}`;
}

/** ARN of a role. Pure. */
export function roleArn(role: IamRole, accountId: string): string {
  return `arn:aws:iam::${accountId}:role${role.spec.path}${roleNameOf(role)}`;
}

/** A user as the SDK shows it. Pure. */
export function sdkUserFrom(user: IamUser, accountId: string): SdkUser {
  const { spec, metadata } = user;
  return {
    Path: spec.path,
    UserName: userNameOf(user),
    UserId: iamIdOf('AIDA', user),
    Arn: userArn(user, accountId),
    CreateDate: new Date(metadata.creationTimestamp ?? 0),
    ...(spec.tags && { Tags: sdkTags(spec.tags) }),
  };
}

/** A role as the SDK shows it; the document is URL-encoded there. Pure. */
export function sdkRoleFrom(role: IamRole, accountId: string): SdkRole {
  const { spec, metadata } = role;
  return {
    Path: spec.path,
    RoleName: roleNameOf(role),
    RoleId: iamIdOf('AROA', role),
    Arn: roleArn(role, accountId),
    CreateDate: new Date(metadata.creationTimestamp ?? 0),
    MaxSessionDuration: spec.maxSessionDuration,
    ...(spec.assumeRolePolicyDocument !== undefined && { AssumeRolePolicyDocument: encodeURIComponent(spec.assumeRolePolicyDocument) }),
    ...(spec.description !== undefined && { Description: spec.description }),
    ...(spec.tags && { Tags: sdkTags(spec.tags) }),
  };
}

/** An instance profile as the SDK shows it; a role that is gone by now is not in it. Pure but for `read`. */
export function sdkInstanceProfileFrom(profile: InstanceProfile, { read, caller }: Pick<ReadOnlyContext, 'read' | 'caller'>): SdkInstanceProfile {
  const { spec, metadata } = profile;
  const roles = read.list(IamRole, caller.namespace).filter((role) => spec.roleName !== undefined && isSameName(roleNameOf(role), spec.roleName));
  return {
    Path: spec.path,
    InstanceProfileName: instanceProfileNameOf(profile),
    InstanceProfileId: iamIdOf('AIPA', profile),
    Arn: instanceProfileArnOf(profile, caller.accountId),
    CreateDate: new Date(metadata.creationTimestamp ?? 0),
    Roles: roles.map((role) => sdkRoleFrom(role, caller.accountId)),
    ...(spec.tags && { Tags: sdkTags(spec.tags) }),
  };
}

/** Tags of a request as they are kept; @throws AwsError InvalidInput - too many, or one twice */
export function tagsFrom(tags: readonly SdkTag[] | undefined): { tags?: Tag[] } {
  if (!tags || tags.length === 0) return {};
  const keys = tags.map(({ Key }) => Key?.toLowerCase() ?? '');
  if (new Set(keys).size !== keys.length) throw new AwsError('InvalidInput', 'Duplicate tag keys found. Please note that Tag keys are case insensitive.');
  if (keys.length > 50) throw new AwsError('LimitExceeded', 'The number of tags has reached the maximum limit.', { status: 409 });
  return { tags: tags.map(({ Key = '', Value = '' }) => ({ key: Key, value: Value })) };
}

function sdkTags(tags: readonly Tag[]): SdkTag[] {
  return tags.map(({ key, value }) => ({ Key: key, Value: value }));
}

/** The path of a request. @throws AwsError ValidationError */
export function pathFrom(path: string | undefined): string {
  if (path === undefined || /^(\/|\/[\x21-\x7e]+\/)$/.test(path)) return path ?? '/';
  throw new AwsError('ValidationError', 'The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.');
}

/** A name of a request. @throws AwsError ValidationError */
export function nameFrom(name: string | undefined, member: string, maximum: number): string {
  if (name !== undefined && name.length <= maximum && /^[\w+=,.@-]+$/.test(name)) return name;
  throw new AwsError('ValidationError', `The specified value for ${member} is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_- and have up to ${String(maximum)} of them.`);
}

import { randomBytes } from 'node:crypto';
import type { StatusType } from '@aws-sdk/client-iam';
import { uniqueIdFrom } from '../../api/identity/unique-id.ts';
import { ACCESS_KEY_SECRET_TYPE, ACCOUNT_ID_LABEL, ROOT_SERVICE_ACCOUNT } from '../../api/identity/account.ts';
import { IAM_USER_LABEL } from '../../api/identity/iam-identity.ts';
import { userNameOf } from '../../api/identity/iam-user.ts';
import { controllerReferenceTo } from '../../kubernetes/owner-reference.ts';
import { IamUser, Secret } from '../../kubernetes/resources.ts';
import { ACCESS_KEY_STATUS_FIELD } from '../credentials.ts';
import { AwsError } from '../errors.ts';
import type { ReadOnlyContext } from '../operation.ts';
import { findUser, noSuchEntity } from './entities.ts';

/** Whose keys a call is about: a user, or the account's root (undefined). */
export type KeyOwner = IamUser | undefined;

/** An access key without its secret. */
export interface AccessKeyFacts {
  secretName: string;
  accessKeyId: string;
  status: StatusType;
  createDate: Date;
}

/** The owner that a call names, or whose key signed it. @throws AwsError NoSuchEntity, ValidationError (a caller whose user is no IamUser) */
export function keyOwnerFrom(userName: string | undefined, context: Pick<ReadOnlyContext, 'read' | 'caller'>): KeyOwner {
  const { caller, read } = context;
  if (userName !== undefined) return findUser(userName, context);
  if (caller.kubernetesUser === `system:serviceaccount:${caller.namespace}:${ROOT_SERVICE_ACCOUNT}`) return undefined;
  const user = caller.iamUser === undefined ? undefined : read.get(IamUser, { namespace: caller.namespace, name: caller.iamUser });
  if (user === undefined) throw new AwsError('ValidationError', 'Must specify userName when calling with non-User credentials');
  return user;
}

/** Name of an owner in answers: the user's, or the root's by the account id. Pure. */
export function keyOwnerName(owner: KeyOwner, accountId: string): string {
  return owner === undefined ? accountId : userNameOf(owner);
}

/** The keys of an owner, oldest first. */
export function accessKeysOf(owner: KeyOwner, { read, caller }: Pick<ReadOnlyContext, 'read' | 'caller'>): AccessKeyFacts[] {
  return read
    .list(Secret, caller.namespace)
    .filter((secret) => secret.type === ACCESS_KEY_SECRET_TYPE && textOf(secret, 'accessKeyId') !== undefined && textOf(secret, 'userName') === undefined)
    .filter((secret) => secret.metadata?.labels?.[IAM_USER_LABEL] === owner?.metadata.name)
    .filter((secret) => owner === undefined || secret.metadata?.ownerReferences?.some(({ uid }) => uid === owner.metadata.uid) === true)
    .map((secret) => ({
      secretName: secret.metadata?.name ?? '',
      accessKeyId: textOf(secret, 'accessKeyId') ?? '',
      status: textOf(secret, ACCESS_KEY_STATUS_FIELD) === 'Inactive' ? ('Inactive' as const) : ('Active' as const),
      createDate: new Date(secret.metadata?.creationTimestamp ?? 0),
    }))
    .sort((one, other) => one.createDate.getTime() - other.createDate.getTime() || (one.accessKeyId < other.accessKeyId ? -1 : 1));
}

/** One key of an owner. @throws AwsError NoSuchEntity */
export function findAccessKey(accessKeyId: string, owner: KeyOwner, context: Pick<ReadOnlyContext, 'read' | 'caller'>): AccessKeyFacts {
  const key = accessKeysOf(owner, context).find((candidate) => candidate.accessKeyId === accessKeyId);
  if (key === undefined) throw noSuchEntity(`The Access Key with id ${accessKeyId}`);
  return key;
}

/** A new key, with the Secret that holds it. It belongs to its user: when the user goes, so does the key. */
export function newAccessKey(owner: KeyOwner, { accountId, namespace }: { accountId: string; namespace: string }): { accessKeyId: string; secretAccessKey: string; secret: Secret } {
  const accessKeyId = uniqueIdFrom('AKIA', randomBytes(16));
  const secretAccessKey = randomBytes(30).toString('base64');
  const secret: Secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: `access-key-${accessKeyId.toLowerCase()}`,
      namespace,
      labels: { [ACCOUNT_ID_LABEL]: accountId, 'kube-ec2.io/access-key-id': accessKeyId, ...(owner && { [IAM_USER_LABEL]: owner.metadata.name }) },
      ...(owner && { ownerReferences: [{ ...controllerReferenceTo(IamUser, owner), blockOwnerDeletion: false }] }),
    },
    type: ACCESS_KEY_SECRET_TYPE,
    data: { accessKeyId: Buffer.from(accessKeyId).toString('base64'), secretAccessKey: Buffer.from(secretAccessKey).toString('base64') },
  };
  return { accessKeyId, secretAccessKey, secret };
}

function textOf(secret: Secret, key: string): string | undefined {
  const value = secret.data?.[key];
  return value ? Buffer.from(value, 'base64').toString('utf8') : undefined;
}

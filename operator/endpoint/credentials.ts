import { createHash } from 'node:crypto';
import { uniqueIdFrom } from '../api/identity/unique-id.ts';
import { allowedActionsOf, IAM_USER_LABEL, iamIdOf, iamServiceAccountName } from '../api/identity/iam-identity.ts';
import { userNameOf } from '../api/identity/iam-user.ts';
import { ACCESS_KEY_SECRET_TYPE, ACCOUNT_ID_LABEL, ROOT_SERVICE_ACCOUNT } from '../api/identity/account.ts';
import { ApiError, CONNECTION_FAILED } from '../kubernetes/errors.ts';
import { defineIndex } from '../kubernetes/read.ts';
import type { Read } from '../kubernetes/read.ts';
import { Account, IamRole, IamUser, Secret } from '../kubernetes/resources.ts';
import type { Credential, Credentials } from './authenticate.ts';
import type { Caller } from './operation.ts';
import { sessionFrom } from './sessions.ts';

/** Field of an access key's Secret: `Inactive` switches the key off. */
export const ACCESS_KEY_STATUS_FIELD = 'status';

const accessKeysById = defineIndex(Secret, 'access-key-id', (secret) => {
  const accessKeyId = secret.type === ACCESS_KEY_SECRET_TYPE ? textOf(secret, 'accessKeyId') : undefined;
  return accessKeyId === undefined ? [] : [accessKeyId];
});

// By status: only the account's controller writes it, and only once the namespace is the account's.
const accountsByOwnNamespace = defineIndex(Account, 'own-namespace', ({ status }) => (status?.namespace ? [status.namespace] : []));

/** Kinds that say who has which key. */
export const CREDENTIAL_KINDS = [Account, IamRole, IamUser, Secret] as const;

/**
 * Access keys as the cluster holds them: Secrets of ACCESS_KEY_SECRET_TYPE in the accounts' namespaces, which must be in the cache with the
 * Accounts. A key counts only in the namespace of the account whose id its Secret carries: whoever may write Secrets in one namespace must
 * not be able to speak for another account. A key that is not there while `isCurrent` says no, because the cache is behind, may well exist: to look it up
 * rejects then, so that the caller is told to try again instead of that his key is wrong.
 */
export function credentialsFrom(read: Read, isCurrent: () => boolean): Credentials {
  const find = (accessKeyId: string, sessionToken?: string): Credential | undefined =>
    sessionToken === undefined
      ? credentialOf(accessKeyId, read)
      : sessionFrom(accessKeyId, sessionToken, read, (permanentKeyId) => credentialOf(permanentKeyId, read));
  return {
    find: async (accessKeyId, sessionToken) => {
      const credential = find(accessKeyId, sessionToken);
      if (credential !== undefined || isCurrent()) return credential;
      throw new ApiError({ code: 0, reason: CONNECTION_FAILED, message: 'whether the access key exists is not known while the API server is out of reach' });
    },
  };
}

function credentialOf(accessKeyId: string, read: Read): Credential | undefined {
  const credentials = read.byIndex(accessKeysById, accessKeyId).flatMap((secret) => credentialFrom(secret, accessKeyId, read));
  // The same id in two accounts is ambiguous: neither may speak.
  return credentials.length === 1 ? credentials[0] : undefined;
}

function credentialFrom(secret: Secret, accessKeyId: string, read: Read): Credential[] {
  const namespace = secret.metadata?.namespace ?? '';
  const [account] = read.byIndex(accountsByOwnNamespace, namespace);
  const accountId = account?.status?.accountId;
  const secretAccessKey = textOf(secret, 'secretAccessKey');
  const isOfThisAccount = accountId !== undefined && secret.metadata?.labels?.[ACCOUNT_ID_LABEL] === accountId;
  if (!isOfThisAccount || !secretAccessKey || secret.metadata?.deletionTimestamp !== undefined) return [];
  if (textOf(secret, ACCESS_KEY_STATUS_FIELD) === 'Inactive') return [];
  const userObject = secret.metadata?.labels?.[IAM_USER_LABEL];
  if (userObject !== undefined) return credentialOfUser(secret, { accountId, accessKeyId, secretAccessKey, userObject }, read);
  const identity = identityOf(accountId, textOf(secret, 'userName'));
  const kubernetesUser = `system:serviceaccount:${namespace}:${identity.serviceAccount}`;
  const caller: Caller = { accountId, namespace, arn: identity.arn, userId: identity.userId, accessKeyId, kubernetesUser };
  return [{ secretAccessKey, sessionToken: textOf(secret, 'sessionToken'), caller }];
}

/** The key of an IamUser, only while that very user exists: a new one of the same name has none of its keys. */
function credentialOfUser(secret: Secret, key: { accountId: string; accessKeyId: string; secretAccessKey: string; userObject: string }, read: Read): Credential[] {
  const namespace = secret.metadata?.namespace ?? '';
  const user = read.get(IamUser, { namespace, name: key.userObject });
  const isOwner = secret.metadata?.ownerReferences?.some(({ uid }) => uid === user?.metadata.uid) ?? false;
  if (user === undefined || user.metadata.deletionTimestamp !== undefined || !isOwner) return [];
  const caller: Caller = {
    accountId: key.accountId,
    namespace,
    arn: `arn:aws:iam::${key.accountId}:user${user.spec.path}${userNameOf(user)}`,
    userId: iamIdOf('AIDA', user),
    accessKeyId: key.accessKeyId,
    kubernetesUser: `system:serviceaccount:${namespace}:${iamServiceAccountName('IamUser', user.metadata.name)}`,
    allowedActions: allowedActionsOf(user.spec),
    iamUser: user.metadata.name,
  };
  return [{ secretAccessKey: key.secretAccessKey, caller }];
}

/** A key without a user name is the account's own; a user acts as the ServiceAccount of the same name. */
function identityOf(accountId: string, userName: string | undefined): { arn: string; userId: string; serviceAccount: string } {
  if (userName === undefined) return { arn: `arn:aws:iam::${accountId}:root`, userId: accountId, serviceAccount: ROOT_SERVICE_ACCOUNT };
  const hash = createHash('sha256').update(`${accountId}/${userName}`).digest();
  const userId = uniqueIdFrom('AIDA', hash.subarray(0, 17));
  return { arn: `arn:aws:iam::${accountId}:user/${userName}`, userId, serviceAccount: userName };
}

/** One value of a Secret as text; undefined if absent or empty. */
function textOf(secret: Secret, key: string): string | undefined {
  const value = secret.data?.[key];
  return value ? Buffer.from(value, 'base64').toString('utf8') : undefined;
}

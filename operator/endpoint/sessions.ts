import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { uniqueIdFrom } from '../api/identity/unique-id.ts';
import { ACCESS_KEY_SECRET_TYPE, ACCOUNT_ID_LABEL } from '../api/identity/account.ts';
import { allowedActionsOf, iamIdOf, iamServiceAccountName, SESSION_KEY_FIELD, SESSION_KEY_SECRET } from '../api/identity/iam-identity.ts';
import { roleNameOf } from '../api/identity/iam-role.ts';
import { defineIndex, type Read } from '../kubernetes/read.ts';
import { Account, IamRole, Secret } from '../kubernetes/resources.ts';
import type { Credential } from './authenticate.ts';
import type { Caller } from './operation.ts';

/** What a session token says; readable by its owner, forgeable by nobody without the account's session key. */
const Claims = z.strictObject({
  accessKeyId: z.string(),
  accountId: z.string(),
  /** Milliseconds since the epoch. */
  expiresAt: z.number(),
  /** Session of a role: the role's name and uid, so that it ends with that very role. */
  role: z.strictObject({ name: z.string(), uid: z.string(), sessionName: z.string() }).optional(),
  /** Session of a user or root: the permanent key that asked for it, so that it ends with that key. */
  permanentKeyId: z.string().optional(),
});
type Claims = z.infer<typeof Claims>;

/** Whose session it is to be. */
export type SessionSubject = Pick<Claims, 'role' | 'permanentKeyId'>;

/** Temporary credentials. */
export interface SessionCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
  expiration: Date;
}

const maximumTokenLength = 4096;
const accountsByConfirmedId = defineIndex(Account, 'confirmed-id', ({ status }) => (status?.accountId && status.namespace ? [status.accountId] : []));

/**
 * Makes temporary credentials. Nothing is written: the token carries what it stands for and a MAC by the account's session key, from which the secret is
 * derived too. So every replica knows every session at once, they cost no memory, and they all end when the session key is replaced.
 * @returns undefined while the account has no session key
 */
export function newSession(accountId: string, subject: SessionSubject, expiresAt: number, read: Read): SessionCredentials | undefined {
  const key = sessionKeyOf(accountId, read);
  if (key === undefined) return undefined;
  const accessKeyId = uniqueIdFrom('ASIA', randomBytes(16));
  const claims: Claims = { accessKeyId, accountId, expiresAt, ...subject };
  const body = Buffer.from(JSON.stringify(claims)).toString('base64url');
  const sessionToken = `${body}.${macOf(key, 'token', body).toString('base64url')}`;
  return { accessKeyId, secretAccessKey: secretOf(key, sessionToken), sessionToken, expiration: new Date(expiresAt) };
}

/** The credential that a session token stands for; undefined if it is not ours or what it rests on is gone. Its expiry is the signature's check. */
export function sessionFrom(accessKeyId: string, token: string, read: Read, findPermanent: (accessKeyId: string) => Credential | undefined): Credential | undefined {
  const claims = claimsFrom(token);
  if (claims?.accessKeyId !== accessKeyId) return undefined;
  const key = sessionKeyOf(claims.accountId, read);
  if (key === undefined || !isGenuine(key, token)) return undefined;
  const caller = claims.role ? callerOfRole(claims, claims.role, read) : callerOfKey(claims, findPermanent);
  return caller && { secretAccessKey: secretOf(key, token), sessionToken: token, expiresAt: claims.expiresAt, caller };
}

function callerOfRole({ accessKeyId, accountId }: Claims, { name, uid, sessionName }: NonNullable<Claims['role']>, read: Read): Caller | undefined {
  const namespace = namespaceOf(accountId, read);
  const role = namespace === undefined ? undefined : read.get(IamRole, { namespace, name });
  if (namespace === undefined || role?.metadata.uid !== uid || role.metadata.deletionTimestamp !== undefined) return undefined;
  return {
    accountId,
    namespace,
    arn: `arn:aws:sts::${accountId}:assumed-role/${roleNameOf(role)}/${sessionName}`,
    userId: `${iamIdOf('AROA', role)}:${sessionName}`,
    accessKeyId,
    kubernetesUser: `system:serviceaccount:${namespace}:${iamServiceAccountName('IamRole', name)}`,
    allowedActions: allowedActionsOf(role.spec),
    roleArn: `arn:aws:iam::${accountId}:role${role.spec.path}${roleNameOf(role)}`,
  };
}

function callerOfKey({ accessKeyId, accountId, permanentKeyId }: Claims, findPermanent: (accessKeyId: string) => Credential | undefined): Caller | undefined {
  const permanent = permanentKeyId === undefined ? undefined : findPermanent(permanentKeyId);
  return permanent?.caller.accountId === accountId ? { ...permanent.caller, accessKeyId } : undefined;
}

function namespaceOf(accountId: string, read: Read): string | undefined {
  return read.byIndex(accountsByConfirmedId, accountId)[0]?.status?.namespace;
}

function sessionKeyOf(accountId: string, read: Read): Buffer | undefined {
  const namespace = namespaceOf(accountId, read);
  const secret = namespace === undefined ? undefined : read.get(Secret, { namespace, name: SESSION_KEY_SECRET });
  const value = secret?.data?.[SESSION_KEY_FIELD];
  if (secret?.type !== ACCESS_KEY_SECRET_TYPE || secret.metadata?.labels?.[ACCOUNT_ID_LABEL] !== accountId || !value) return undefined;
  return Buffer.from(value, 'base64');
}

function claimsFrom(token: string): Claims | undefined {
  if (token.length > maximumTokenLength) return undefined;
  try {
    const parsed = Claims.safeParse(JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString('utf8')));
    return parsed.data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined; // not our JSON: somebody else's token
    throw error;
  }
}

function isGenuine(key: Buffer, token: string): boolean {
  const [body = '', given = ''] = token.split('.');
  const expected = Buffer.from(`${body}.${macOf(key, 'token', body).toString('base64url')}`);
  const bytes = Buffer.from(token);
  return given !== '' && bytes.length === expected.length && timingSafeEqual(bytes, expected);
}

function secretOf(key: Buffer, token: string): string {
  return macOf(key, 'secret', token).subarray(0, 30).toString('base64');
}

function macOf(key: Buffer, purpose: 'token' | 'secret', text: string): Buffer {
  return createHmac('sha256', key).update(`${purpose}\n${text}`).digest();
}

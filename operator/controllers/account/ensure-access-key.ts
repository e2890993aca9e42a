import { randomBytes } from 'node:crypto';
import { uniqueIdFrom } from '../../api/identity/unique-id.ts';
import { ACCESS_KEY_SECRET_TYPE, ACCOUNT_ID_LABEL } from '../../api/identity/account.ts';
import { isAlreadyExists } from '../../kubernetes/errors.ts';
import { Secret, type Account } from '../../kubernetes/resources.ts';
import type { ReconcileContext } from '../../runtime/reconcile.ts';
import { namespaceNameOf } from './parts.ts';

/** Secret with the root access key of an account, in its namespace. */
export const ROOT_ACCESS_KEY_SECRET = 'kube-ec2-root-access-key';
/** The access key's id, on its Secret. */
const ACCESS_KEY_ID_LABEL = 'kube-ec2.io/access-key-id';

/** `AKIA` and 16 digits of base 32: 80 random bits. */
function newAccessKeyId(): string {
  return uniqueIdFrom('AKIA', randomBytes(16));
}

/** 40 characters of base64: 240 random bits. */
function newSecretAccessKey(): string {
  return randomBytes(30).toString('base64');
}

function secretFor(account: Account): Secret {
  const accessKeyId = newAccessKeyId();
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: ROOT_ACCESS_KEY_SECRET,
      namespace: namespaceNameOf(account),
      labels: { [ACCOUNT_ID_LABEL]: account.spec.accountId, [ACCESS_KEY_ID_LABEL]: accessKeyId },
    },
    type: ACCESS_KEY_SECRET_TYPE,
    data: {
      accessKeyId: Buffer.from(accessKeyId).toString('base64'),
      secretAccessKey: Buffer.from(newSecretAccessKey()).toString('base64'),
    },
  };
}

/**
 * Makes the root access key of an account, once: a key that is there is never overwritten, as somebody uses it. Deleting the Secret is the way to get
 * a new one. The key itself goes nowhere but into the Secret.
 */
export async function ensureAccessKey(account: Account, { live, write }: ReconcileContext): Promise<string> {
  const key = { namespace: namespaceNameOf(account), name: ROOT_ACCESS_KEY_SECRET };
  if ((await live.fetch(Secret, key)) !== undefined) return key.name;
  await write.create(Secret, secretFor(account)).catch((error: unknown) => {
    if (!isAlreadyExists(error)) throw error; // another process was first
  });
  return key.name;
}

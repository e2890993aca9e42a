import { randomBytes } from 'node:crypto';
import { ACCESS_KEY_SECRET_TYPE, ACCOUNT_ID_LABEL } from '../../api/identity/account.ts';
import { SESSION_KEY_FIELD, SESSION_KEY_SECRET } from '../../api/identity/iam-identity.ts';
import { isAlreadyExists } from '../../kubernetes/errors.ts';
import { Secret, type Account } from '../../kubernetes/resources.ts';
import type { ReconcileContext } from '../../runtime/reconcile.ts';
import { namespaceNameOf } from './parts.ts';

/**
 * Makes the key that temporary credentials of the account are made and checked with, once. Deleting the Secret ends all of them. It has the type of access
 * keys, as the endpoint keeps Secrets of no other type, and no access key id, so that it is none.
 */
export async function ensureSessionKey(account: Account, { live, write }: ReconcileContext): Promise<void> {
  const key = { namespace: namespaceNameOf(account), name: SESSION_KEY_SECRET };
  if ((await live.fetch(Secret, key)) !== undefined) return;
  const secret: Secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { ...key, labels: { [ACCOUNT_ID_LABEL]: account.spec.accountId } },
    type: ACCESS_KEY_SECRET_TYPE,
    data: { [SESSION_KEY_FIELD]: randomBytes(32).toString('base64') },
  };
  await write.create(Secret, secret).catch((error: unknown) => {
    if (!isAlreadyExists(error)) throw error; // another process was first
  });
}

import { createHash } from 'node:crypto';
import { INSTANCE_ID_LABEL, USER_DATA_LIMIT_BYTES } from '../../api/compute/instance.ts';
import { isNotFound } from '../../kubernetes/errors.ts';
import { Secret, type Instance } from '../../kubernetes/resources.ts';
import type { Write } from '../../kubernetes/write.ts';
import type { ReconcileContext } from '../../runtime/reconcile.ts';
import { instanceIdOf, userDataSecretNameOf } from './identity.ts';
import type { Objection } from './objection.ts';
import type { UserDataFormat, UserDataSource } from './user-data-volume.ts';

/** The key that KubeVirt reads for cloud-init. */
const USER_DATA_KEY = 'userdata';
/** The files that Windows Setup looks for: the first where it installs, the second where a generalized system boots. */
const ANSWER_FILES = ['autounattend.xml', 'unattend.xml'];

/** Digest of the wish for user data, without reading any Secret; undefined if there is none. Pure. */
export function userDataDigestOf({ spec }: Instance): string | undefined {
  const wish = spec.userDataSecretRef === undefined ? spec.userData : `${spec.userDataSecretRef.name}\n${spec.userDataSecretRef.key}`;
  if (wish === undefined) return undefined;
  return createHash('sha256').update(spec.userDataSecretRef === undefined ? 'text\n' : 'secret\n').update(wish).digest('hex').slice(0, 32);
}

/** The endpoint has just checked and written the Secret of an instance made through the API. */
function isWrittenByEndpoint(instance: Instance): boolean {
  const { userDataSecretRef, launch } = instance.spec;
  return launch !== undefined && userDataSecretRef?.key === USER_DATA_KEY && userDataSecretRef.name === userDataSecretNameOf(instance);
}

function dataFor(base64: string, format: UserDataFormat): { data: Record<string, string> } {
  const keys = format === 'sysprep' ? ANSWER_FILES : [USER_DATA_KEY];
  return { data: Object.fromEntries(keys.map((key) => [key, base64])) };
}

async function writeSecret(instance: Instance, data: { data?: Record<string, string>; stringData?: Record<string, string> }, write: Write): Promise<void> {
  await write.apply(Secret, {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: userDataSecretNameOf(instance),
      ...(instance.metadata.namespace === undefined ? {} : { namespace: instance.metadata.namespace }),
      labels: { [INSTANCE_ID_LABEL]: instanceIdOf(instance) },
    },
    type: 'Opaque',
    ...data,
  });
}

/**
 * Puts the user data where KubeVirt reads it: a Secret with the key `userdata`, or with the answer files of Windows Setup. A Secret of the user's own is
 * used as it is if it has that key, and copied if the data stands under another. Answers with an objection if the Secret is missing or holds too much.
 */
export async function prepareUserData(
  instance: Instance,
  { live, write }: Pick<ReconcileContext, 'live' | 'write'>,
  format: UserDataFormat,
): Promise<UserDataSource | undefined | Objection> {
  const digest = userDataDigestOf(instance);
  if (digest === undefined) return undefined;
  const { userData, userDataSecretRef } = instance.spec;
  if (userDataSecretRef === undefined) {
    // Encoded here: write-only stringData would leave server-side apply with two owners of one key.
    await writeSecret(instance, dataFor(Buffer.from(userData ?? '').toString('base64'), format), write);
    return { secretName: userDataSecretNameOf(instance), digest };
  }
  const { name, key } = userDataSecretRef;
  const isAsItIs = format === 'cloud-init';
  if (isAsItIs && isWrittenByEndpoint(instance)) return { secretName: name, digest };
  // No cache of everybody's Secrets is kept for this.
  const secret = await live.fetch(Secret, { namespace: instance.metadata.namespace, name });
  const data = secret?.data?.[key];
  if (data === undefined) return { reason: 'UserDataNotFound', message: `Secret ${name} with the key ${key}, which userDataSecretRef names, does not exist` };
  if (Buffer.byteLength(data, 'base64') > USER_DATA_LIMIT_BYTES) {
    return { reason: 'UserDataTooLarge', message: `the user data in Secret ${name} has more than ${USER_DATA_LIMIT_BYTES} bytes (16 KB)` };
  }
  if (isAsItIs && key === USER_DATA_KEY) return { secretName: name, digest };
  await writeSecret(instance, dataFor(data, format), write);
  return { secretName: userDataSecretNameOf(instance), digest };
}

/** Removes the Secret that the machine got its user data from, if there is one. */
export async function removeUserData(instance: Instance, write: Write): Promise<void> {
  await write.remove(Secret, { namespace: instance.metadata.namespace, name: userDataSecretNameOf(instance) }).catch((error: unknown) => {
    if (!isNotFound(error)) throw error; // already gone is what we want
  });
}

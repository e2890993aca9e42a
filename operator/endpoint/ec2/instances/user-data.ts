import { INSTANCE_ID_LABEL, USER_DATA_LIMIT_BYTES, type InstanceSpec } from '../../../api/compute/instance.ts';
import { isAlreadyExists } from '../../../kubernetes/errors.ts';
import { Secret } from '../../../kubernetes/resources.ts';
import type { Write } from '../../../kubernetes/write.ts';
import { AwsError } from '../../errors.ts';

/** Key that KubeVirt reads, and the default of userDataSecretRef. */
export const USER_DATA_KEY = 'userdata';

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/**
 * User data as sent: base64, line breaks allowed. Empty user data counts as none.
 * @throws AwsError InvalidUserData.Malformed - no base64
 * @throws AwsError InvalidParameterValue - more than 16 KB decoded
 */
export function userDataFrom(text: string | undefined): Buffer | undefined {
  const compact = (text ?? '').replace(/[\r\n]/g, '');
  if (compact === '') return undefined;
  if (!BASE64.test(compact)) throw new AwsError('InvalidUserData.Malformed', 'Invalid BASE64 encoding of user data.');
  return withinLimit(Buffer.from(compact, 'base64'));
}

/** User data that is decoded already. @throws AwsError InvalidParameterValue - more than 16 KB */
export function withinLimit(userData: Buffer): Buffer {
  if (userData.length > USER_DATA_LIMIT_BYTES) {
    throw new AwsError('InvalidParameterValue', `User data is limited to ${USER_DATA_LIMIT_BYTES} bytes`);
  }
  return userData;
}

/** Name of the Secret that holds an instance's user data; the controllers remove it by its label when the instance ends. */
export function userDataSecretName(instanceId: string): string {
  return `${instanceId}-user-data`;
}

/** The Instance's reference to that Secret. */
export function userDataReference(instanceId: string): NonNullable<InstanceSpec['userDataSecretRef']> {
  return { name: userDataSecretName(instanceId), key: USER_DATA_KEY };
}

/** Writes the Secret; one that an earlier, interrupted call or an older value left is given the new data. */
export async function writeUserData(instanceId: string, namespace: string, userData: Buffer, write: Write): Promise<void> {
  const name = userDataSecretName(instanceId);
  const data = { [USER_DATA_KEY]: userData.toString('base64') };
  const secret: Secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace, labels: { [INSTANCE_ID_LABEL]: instanceId } },
    type: 'Opaque',
    data,
  };
  await write.create(Secret, secret).catch(async (error: unknown) => {
    if (!isAlreadyExists(error)) throw error;
    await write.patch(Secret, { namespace, name }, { data });
  });
}

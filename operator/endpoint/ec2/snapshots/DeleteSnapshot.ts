import type { DeleteSnapshotRequest } from '@aws-sdk/client-ec2';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import { snapshotsOfImage } from '../../../api/compute/image-devices.ts';
import { isForbidden, isNotFound } from '../../../kubernetes/errors.ts';
import { Ami, Snapshot } from '../../../kubernetes/resources.ts';
import { AwsError } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { requireOwnSnapshot } from './find-snapshot.ts';

/**
 * Removes a snapshot that no image is made of.
 * @throws AwsError InvalidSnapshot.NotFound, InvalidSnapshotID.Malformed, InvalidSnapshot.InUse
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteSnapshot.html
 */
export async function deleteSnapshot({ SnapshotId }: DeleteSnapshotRequest, context: OperationContext): Promise<void> {
  const snapshot = requireOwnSnapshot(SnapshotId, context);
  const { namespace, name, uid } = snapshot.metadata;
  const id = ec2IdOf('snap', snapshot);
  const user = context.read.list(Ami, namespace).find((ami) => snapshotsOfImage(ami).some((reference) => reference === id || reference === name));
  const inUse = (by: string, cause?: unknown): AwsError => new AwsError('InvalidSnapshot.InUse', `The snapshot ${id} is currently in use by ${by}`, { cause });
  if (user) throw inUse(ec2IdOf('ami', user));
  await context.write.remove(Snapshot, { namespace, name }, uid === undefined ? {} : { uid }).catch((error: unknown) => {
    // The admission rule for snapshots in use saw an image that the cache does not show yet.
    if (isForbidden(error) && error.message.includes('in use')) throw inUse('an image', error);
    if (!isNotFound(error)) throw error; // already gone is what we want
  });
}

import type { DeleteSnapshotRequest } from '@aws-sdk/client-ec2';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import { isNotFound } from '../../../kubernetes/errors.ts';
import { Ami } from '../../../kubernetes/resources.ts';
import { AwsError } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { requireOwnSnapshot } from './find-snapshot.ts';
import { isInUse, isMadeOf, removeSnapshot } from './remove-snapshot.ts';

/**
 * Removes a snapshot that no image is made of.
 * @throws AwsError InvalidSnapshot.NotFound, InvalidSnapshotID.Malformed, InvalidSnapshot.InUse
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteSnapshot.html
 */
export async function deleteSnapshot({ SnapshotId }: DeleteSnapshotRequest, context: OperationContext): Promise<void> {
  const snapshot = requireOwnSnapshot(SnapshotId, context);
  const id = ec2IdOf('snap', snapshot);
  const user = context.read.list(Ami, snapshot.metadata.namespace).find((ami) => isMadeOf(ami, snapshot));
  const inUse = (by: string, cause?: unknown): AwsError => new AwsError('InvalidSnapshot.InUse', `The snapshot ${id} is currently in use by ${by}`, { cause });
  if (user) throw inUse(ec2IdOf('ami', user));
  await removeSnapshot(snapshot, context).catch((error: unknown) => {
    // The admission rule for snapshots in use saw an image that the cache does not show yet.
    if (isInUse(error)) throw inUse('an image', error);
    if (!isNotFound(error)) throw error; // already gone is what we want
  });
}

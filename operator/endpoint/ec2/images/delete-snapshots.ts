import type { DeleteSnapshotReturnCode, SnapshotReturnCodes } from '@aws-sdk/client-ec2';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import { snapshotsOfImage } from '../../../api/compute/image-devices.ts';
import { isForbidden, isNotFound } from '../../../kubernetes/errors.ts';
import { Ami, Snapshot } from '../../../kubernetes/resources.ts';
import type { OperationContext } from '../../operation.ts';
import { findOwnSnapshot } from '../snapshots/find-snapshot.ts';
import { isInUse, isMadeOf, removeSnapshot } from '../snapshots/remove-snapshot.ts';

/** Deletes the snapshots of an image that was just removed; those that other images are made of are left. What became of each is told, and is no error. */
export async function deleteSnapshotsOf(removed: Ami, context: OperationContext): Promise<DeleteSnapshotReturnCode[]> {
  const { read, caller } = context;
  const others = read.list(Ami, caller.namespace).filter(({ metadata }) => metadata.uid !== removed.metadata.uid);
  const results: DeleteSnapshotReturnCode[] = [];
  for (const reference of new Set(snapshotsOfImage(removed))) {
    const snapshot = read.get(Snapshot, { namespace: caller.namespace, name: reference }) ?? findOwnSnapshot(reference, context);
    if (!snapshot) continue;
    const isUsed = others.some((ami) => isMadeOf(ami, snapshot));
    results.push({ SnapshotId: ec2IdOf('snap', snapshot), ReturnCode: isUsed ? 'skipped' : await deleteOne(snapshot, context) });
  }
  return results;
}

async function deleteOne(snapshot: Snapshot, context: OperationContext): Promise<SnapshotReturnCodes> {
  try {
    await removeSnapshot(snapshot, context);
    return 'success';
  } catch (error) {
    if (isNotFound(error)) return 'success';
    if (isInUse(error)) return 'skipped'; // by an image that the cache does not show yet
    if (isForbidden(error)) return 'missing-permissions';
    context.log.error('a snapshot of a deregistered image could not be deleted', { snapshot: snapshot.metadata.name, error: String(error) });
    return 'internal-error';
  }
}

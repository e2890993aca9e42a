import { ec2IdOf } from '../../api/ec2-id.ts';
import { SNAPSHOT_FINALIZER, type SnapshotStatus } from '../../api/storage/snapshot.ts';
import { isConflict, isNotFound } from '../../kubernetes/errors.ts';
import { PersistentVolumeClaim, Snapshot } from '../../kubernetes/resources.ts';
import type { Outcome, ReconcileContext } from '../../runtime/reconcile.ts';
import { VolumeSnapshot } from '../volume-snapshot.ts';
import { boundSnapshotNameOf, releaseForeignSnapshot } from '../volume/bind-foreign-snapshot.ts';
import { volumeOf } from '../volume/indexes.ts';
import { csiKeyOf, csiSnapshotOf } from './csi-snapshot.ts';
import { copyClaimNameOf } from './find-claim.ts';
import { unfreeze } from './freeze.ts';
import { imagesOf } from './indexes.ts';

/** Removes the claim that a copy went through. */
export async function removeCopyClaim({ metadata, spec }: Snapshot, name: string, { read, write }: Pick<ReconcileContext, 'read' | 'write'>): Promise<void> {
  if (spec.sourceSnapshotId === undefined) return;
  const { namespace } = metadata;
  const claim = read.get(PersistentVolumeClaim, { namespace, name });
  if (claim?.metadata?.uid === undefined || claim.metadata.deletionTimestamp !== undefined) return;
  await write.remove(PersistentVolumeClaim, { namespace, name }, { uid: claim.metadata.uid }).catch((error: unknown) => {
    if (!isNotFound(error) && !isConflict(error)) throw error; // gone, or another of that name
  });
}

/** The resource is being deleted: once no image needs it, the CSI snapshot goes, then the resource. What was adopted stays. */
export async function tearDown(snapshot: Snapshot, context: ReconcileContext): Promise<Outcome<SnapshotStatus> | undefined> {
  const { read, write } = context;
  const { namespace, name, resourceVersion, finalizers = [] } = snapshot.metadata;
  if (!finalizers.includes(SNAPSHOT_FINALIZER)) return undefined;
  const imageIds = imagesOf(snapshot, read);
  // An admission rule refuses such a removal; where there is none, it waits here.
  if (imageIds.length > 0) return { status: { ...snapshot.status, imageIds } };
  if (snapshot.status?.frozenAt !== undefined && snapshot.spec.volumeId !== undefined) await unfreeze(volumeOf(snapshot.spec.volumeId, namespace, read), context);
  await removeCopyClaim(snapshot, copyClaimNameOf(snapshot), context);
  if (snapshot.spec.source?.volumeSnapshot === undefined) {
    const csi = csiSnapshotOf(snapshot, read);
    if (csi?.metadata?.uid !== undefined && csi.metadata.deletionTimestamp === undefined) await write.remove(VolumeSnapshot, csiKeyOf(snapshot), { uid: csi.metadata.uid }).catch(ignoreNotFound);
    if (csi !== undefined) return { status: snapshot.status ?? {} };
  }
  if (snapshot.spec.sourceSnapshotId !== undefined && snapshot.status?.state !== 'completed') {
    await releaseForeignSnapshot(boundSnapshotNameOf(ec2IdOf('snap', snapshot)), namespace, write);
  }
  const rest = finalizers.filter((other) => other !== SNAPSHOT_FINALIZER);
  await write.patch(Snapshot, { namespace, name }, { metadata: { resourceVersion, finalizers: rest } }).catch((error: unknown) => {
    if (!isNotFound(error) && !isConflict(error)) throw error; // an earlier pass let it go, and the cache lags
  });
  return undefined;
}

function ignoreNotFound(error: unknown): void {
  if (!isNotFound(error)) throw error; // already gone is what we want
}

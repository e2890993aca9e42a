import { ec2IdOf } from '../../api/ec2-id.ts';
import { VolumeConditions, type VolumeStatus } from '../../api/storage/volume.ts';
import { isConflict, isNotFound } from '../../kubernetes/errors.ts';
import { PersistentVolumeClaim, type Volume } from '../../kubernetes/resources.ts';
import { isTrue } from '../../runtime/conditions.ts';
import type { Outcome, ReconcileContext } from '../../runtime/reconcile.ts';
import { attachmentFrom } from './attachment.ts';
import { boundSnapshotNameOf, releaseForeignSnapshot } from './bind-foreign-snapshot.ts';
import { claimKeyOf } from './claim.ts';
import { releaseFinalizer } from './finalizer.ts';

/** Whether a machine has the disk, or is to get it. An admission rule refuses the removal of such a volume; where there is none, it waits here. */
function isInUse(volume: Volume, { read, clock }: ReconcileContext): boolean {
  return attachmentFrom(volume, read, clock) !== undefined;
}

/** The resource is being deleted: once it is detached, the claim goes, then the resource. */
export async function tearDown(volume: Volume, context: ReconcileContext): Promise<Outcome<VolumeStatus> | undefined> {
  const { read, write } = context;
  const status: VolumeStatus = { ...volume.status, volumeId: ec2IdOf('vol', volume), observedGeneration: volume.metadata.generation ?? 0 };
  if (isInUse(volume, context)) return { status: { ...status, state: 'in-use' } };
  const { attachment: _attachment, ...rest } = status;
  const claim = read.get(PersistentVolumeClaim, claimKeyOf(volume));
  const isOwn = (claim?.metadata?.ownerReferences ?? []).some(({ uid }) => uid === volume.metadata.uid);
  if (claim?.metadata?.uid !== undefined && isOwn) {
    if (claim.metadata.deletionTimestamp === undefined) {
      await write.remove(PersistentVolumeClaim, claimKeyOf(volume), { uid: claim.metadata.uid }).catch((error: unknown) => {
        if (!isNotFound(error) && !isConflict(error)) throw error; // gone, or another of that name
      });
    }
    return { status: { ...rest, state: 'deleting' } };
  }
  if (volume.spec.snapshotId !== undefined && !isTrue(volume.status?.conditions, VolumeConditions.available)) {
    await releaseForeignSnapshot(boundSnapshotNameOf(ec2IdOf('vol', volume)), volume.metadata.namespace, write);
  }
  await releaseFinalizer(volume, write);
  return undefined;
}

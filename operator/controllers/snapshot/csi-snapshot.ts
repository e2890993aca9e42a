import { ec2IdOf } from '../../api/ec2-id.ts';
import { SNAPSHOT_ID_LABEL } from '../../api/storage/snapshot.ts';
import { isAlreadyExists, isForbidden, isInvalid, isNotFound } from '../../kubernetes/errors.ts';
import { controllerReferenceTo } from '../../kubernetes/owner-reference.ts';
import type { ObjectKey, Read } from '../../kubernetes/read.ts';
import { Snapshot } from '../../kubernetes/resources.ts';
import type { Write } from '../../kubernetes/write.ts';
import { VolumeSnapshot } from '../volume-snapshot.ts';
import type { Objection } from '../volume/objection.ts';

/** Where the CSI snapshot of a snapshot is found: the one that it was made from, else one of its id. */
export function csiKeyOf({ metadata, spec, ...rest }: Snapshot): ObjectKey {
  return { namespace: metadata.namespace, name: spec.source?.volumeSnapshot?.name ?? ec2IdOf('snap', { ...rest, metadata }) };
}

/** The CSI snapshot of a snapshot. */
export function csiSnapshotOf(snapshot: Snapshot, read: Read): VolumeSnapshot | undefined {
  return read.get(VolumeSnapshot, csiKeyOf(snapshot));
}

/** Has a claim cut. */
export async function cut(snapshot: Snapshot, claimName: string, write: Write): Promise<VolumeSnapshot | Objection> {
  const { namespace, name } = csiKeyOf(snapshot);
  const wanted: VolumeSnapshot = {
    apiVersion: VolumeSnapshot.apiVersion,
    kind: VolumeSnapshot.kind,
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      labels: { [SNAPSHOT_ID_LABEL]: ec2IdOf('snap', snapshot) },
      ownerReferences: [controllerReferenceTo(Snapshot, snapshot)],
    },
    spec: { source: { persistentVolumeClaimName: claimName } },
  };
  try {
    return await write.create(VolumeSnapshot, wanted);
  } catch (error) {
    if (isNotFound(error)) return { reason: 'SnapshotsUnsupported', message: 'the cluster has no CSI snapshotter: the kind VolumeSnapshot is not there', isFinal: true };
    if (isForbidden(error) || isInvalid(error)) return { reason: 'SnapshotRefused', message: error.message };
    if (isAlreadyExists(error)) return wanted;
    throw error;
  }
}

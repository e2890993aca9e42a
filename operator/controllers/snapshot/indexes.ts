import { ec2IdOf } from '../../api/ec2-id.ts';
import { snapshotsOfImage } from '../../api/compute/image-devices.ts';
import { defineIndex, type Read } from '../../kubernetes/read.ts';
import { Ami, Snapshot } from '../../kubernetes/resources.ts';

const within = (namespace: string | undefined, reference: string): string => `${namespace ?? ''}/${reference}`;

/** Amis by namespace and the names or ids of the snapshots that they are made of. */
const imagesBySnapshot = defineIndex(Ami, 'controllers.namespaced-snapshot', (ami) => snapshotsOfImage(ami).map((reference) => within(ami.metadata.namespace, reference)));

/** Snapshots by namespace and the volume, by name or id, that they are taken of. */
const snapshotsByVolume = defineIndex(Snapshot, 'controllers.volume', ({ metadata, spec }) => (spec.volumeId === undefined ? [] : [within(metadata.namespace, spec.volumeId)]));

/** Snapshots by the name or id of the one that they copy. */
export const copiesBySource = defineIndex(Snapshot, 'controllers.source', ({ spec }) => (spec.sourceSnapshotId === undefined ? [] : [spec.sourceSnapshotId]));

/** Snapshots by namespace and the CSI snapshot that they adopt. */
const snapshotsByCsiSnapshot = defineIndex(Snapshot, 'controllers.csi-snapshot', ({ metadata, spec }) =>
  spec.source?.volumeSnapshot === undefined ? [] : [within(metadata.namespace, spec.source.volumeSnapshot.name)],
);

/** Snapshots by namespace and the set that they are of. */
const snapshotsBySet = defineIndex(Snapshot, 'controllers.set', ({ metadata, spec }) => (spec.set === undefined ? [] : [within(metadata.namespace, spec.set.name)]));

/** Ids of the images of the same account that are made of a snapshot, sorted. */
export function imagesOf(snapshot: Snapshot, read: Read): string[] {
  const { namespace, name } = snapshot.metadata;
  const found = [name, ec2IdOf('snap', snapshot)].flatMap((reference) => read.byIndex(imagesBySnapshot, within(namespace, reference)));
  return [...new Set(found.map((ami) => ec2IdOf('ami', ami)))].sort();
}

/** All snapshots of a set, the one given included; it alone where it is of none. */
export function setOf(snapshot: Snapshot, read: Read): readonly Snapshot[] {
  const { namespace } = snapshot.metadata;
  return snapshot.spec.set === undefined ? [snapshot] : read.byIndex(snapshotsBySet, within(namespace, snapshot.spec.set.name));
}

/** Snapshots that adopt a CSI snapshot. */
export function adoptersOf(csiSnapshotName: string, namespace: string | undefined, read: Read): readonly Snapshot[] {
  return read.byIndex(snapshotsByCsiSnapshot, within(namespace, csiSnapshotName));
}

/** Snapshots of a volume. */
export function snapshotsOf(volumeName: string, volumeId: string, namespace: string | undefined, read: Read): Snapshot[] {
  return [...new Set([volumeName, volumeId].flatMap((reference) => read.byIndex(snapshotsByVolume, within(namespace, reference))))];
}

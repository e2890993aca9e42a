import { ec2IdOf } from '../../api/ec2-id.ts';
import { ofId } from '../../api/of-id.ts';
import { defineIndex, type Read } from '../../kubernetes/read.ts';
import { Instance, Snapshot, Volume } from '../../kubernetes/resources.ts';

const within = (namespace: string | undefined, reference: string): string => `${namespace ?? ''}/${reference}`;

/** Volumes by namespace and the instance that spec or status names, by whatever reference. */
const volumesByInstance = defineIndex(Volume, 'controllers.instance', ({ metadata, spec, status }) =>
  [...new Set([spec.attachment?.instanceId, status?.attachment?.instanceId])].flatMap((reference) => (reference === undefined ? [] : [within(metadata.namespace, reference)])),
);

/** Volumes by namespace and the name or id of their snapshot. */
export const volumesBySnapshot = defineIndex(Volume, 'controllers.snapshot', ({ spec }) => (spec.snapshotId === undefined ? [] : [spec.snapshotId]));

/** Volumes by namespace and the CSI snapshot that they are made from. */
const volumesByCsiSnapshot = defineIndex(Volume, 'controllers.csi-snapshot', ({ metadata, spec }) =>
  spec.source?.volumeSnapshot === undefined ? [] : [within(metadata.namespace, spec.source.volumeSnapshot.name)],
);

/** Volumes that are made from a CSI snapshot. */
export function volumesOfCsiSnapshot(name: string, namespace: string | undefined, read: Read): readonly Volume[] {
  return read.byIndex(volumesByCsiSnapshot, within(namespace, name));
}

/** Volumes by namespace and EC2 id. */
const volumesById = defineIndex(Volume, 'controllers.id', (volume) => [within(volume.metadata.namespace, ec2IdOf('vol', volume))]);

/** Instances by namespace and EC2 id. */
const instancesById = defineIndex(Instance, 'controllers.id', (instance) => [within(instance.metadata.namespace, ec2IdOf('i', instance))]);

/** Snapshots by EC2 id, in all namespaces. */
const snapshotsById = defineIndex(Snapshot, 'controllers.id', (snapshot) => [ec2IdOf('snap', snapshot)]);

/** Volumes that an instance has, or is to have, or is losing. */
export function volumesAround(instance: Instance, read: Read): Volume[] {
  const { namespace, name } = instance.metadata;
  const found = [...new Set([name, ec2IdOf('i', instance)])].flatMap((reference) => read.byIndex(volumesByInstance, within(namespace, reference)));
  return [...new Set(found)];
}

/** The instance of a name or id. */
export function instanceOf(reference: string, namespace: string | undefined, read: Read): Instance | undefined {
  return read.get(Instance, { namespace, name: reference }) ?? read.byIndex(instancesById, within(namespace, reference))[0];
}

/** The volume of a name or id. */
export function volumeOf(reference: string, namespace: string | undefined, read: Read): Volume | undefined {
  return read.get(Volume, { namespace, name: reference }) ?? read.byIndex(volumesById, within(namespace, reference))[0];
}

/** The snapshot of a name or id in the namespace. */
export function ownSnapshotOf(reference: string, namespace: string | undefined, read: Read): Snapshot | undefined {
  return read.get(Snapshot, { namespace, name: reference }) ?? read.byIndex(snapshotsById, reference).find(({ metadata }) => metadata.namespace === namespace);
}

/** The snapshot of a name or id in the namespace, else the oldest of that id anywhere, which may not be shared. */
export function snapshotOf(reference: string, namespace: string | undefined, read: Read): Snapshot | undefined {
  return read.get(Snapshot, { namespace, name: reference }) ?? ofId(read.byIndex(snapshotsById, reference), namespace);
}

import { ec2IdOf } from '../../api/ec2-id.ts';
import { snapshotsOfImage } from '../../api/compute/image-devices.ts';
import type { Permission } from '../../kubernetes/permission.ts';
import type { ObjectKey } from '../../kubernetes/read.ts';
import { Ami, Instance, Namespace, Node, PersistentVolumeClaim, Snapshot, StorageClass, VirtualMachineInstance, Volume } from '../../kubernetes/resources.ts';
import { defineController, ifServed, watching, watchingOwned, type AnyController } from '../../runtime/reconcile.ts';
import { VolumeSnapshot } from '../volume-snapshot.ts';
import { snapshotOf } from '../volume/indexes.ts';
import type { VolumeSettings } from '../volume/settings.ts';
import { adoptersOf, copiesBySource, setOf, snapshotsOf } from './indexes.ts';
import { reconcile } from './reconcile.ts';

const permissions: readonly Permission[] = [
  { group: 'kube-ec2.io', resource: 'snapshots', verbs: ['patch'], reason: 'finalizer' },
  { group: 'kube-ec2.io', resource: 'snapshots/finalizers', verbs: ['update'], reason: 'owner reference of the CSI snapshot' },
  { group: '', resource: 'persistentvolumeclaims', verbs: ['create', 'delete'], reason: 'claim that a copy goes through' },
  { group: 'snapshot.storage.k8s.io', resource: 'volumesnapshots', verbs: ['create', 'delete'], reason: 'the content of a snapshot' },
  { group: 'snapshot.storage.k8s.io', resource: 'volumesnapshotcontents', verbs: ['get', 'create', 'delete'], reason: "another account's snapshot, bound to copy it" },
  { group: 'subresources.kubevirt.io', resource: 'virtualmachineinstances/freeze', verbs: ['update'], reason: 'file systems held still while a disk is cut' },
  { group: 'subresources.kubevirt.io', resource: 'virtualmachineinstances/unfreeze', verbs: ['update'], reason: 'file systems let go again' },
];

function keysOf(snapshots: readonly Snapshot[]): ObjectKey[] {
  return snapshots.map(({ metadata }) => ({ namespace: metadata.namespace, name: metadata.name }));
}

const isUnfinished = ({ status }: Snapshot): boolean => status?.state !== 'completed' || status.frozenAt !== undefined;

/** Reconciles Snapshots into CSI VolumeSnapshots. */
export function snapshotController(settings: VolumeSettings): AnyController {
  return defineController({
    name: 'snapshot',
    type: Snapshot,
    watches: [
      watchingOwned(PersistentVolumeClaim, Snapshot),
      ifServed(watchingOwned(VolumeSnapshot, Snapshot)),
      ifServed(watching(VolumeSnapshot, ({ metadata }, read) => keysOf(adoptersOf(metadata?.name ?? '', metadata?.namespace, read)))),
      watching(Volume, (volume, read) => keysOf(snapshotsOf(volume.metadata.name, ec2IdOf('vol', volume), volume.metadata.namespace, read).filter(isUnfinished))),
      watching(Ami, (ami, read) =>
        keysOf(
          snapshotsOfImage(ami)
            .flatMap((reference) => snapshotOf(reference, ami.metadata.namespace, read) ?? [])
            .filter(({ metadata }) => metadata.namespace === ami.metadata.namespace),
        ),
      ),
      watching(Snapshot, (snapshot, read) => [
        ...keysOf(setOf(snapshot, read).filter(isUnfinished)),
        ...keysOf([snapshot.metadata.name, ec2IdOf('snap', snapshot)].flatMap((reference) => read.byIndex(copiesBySource, reference)).filter(isUnfinished)),
      ]),
      // Only looked up: the guest that has the volume, the class and node of a copy's claim, the account.
      watching(Instance, () => []),
      watching(VirtualMachineInstance, () => []),
      watching(StorageClass, () => []),
      watching(Node, () => []),
      watching(Namespace, () => []),
    ],
    permissions,
    concurrency: 8,
    reconcile: (snapshot, context) => reconcile(snapshot, context, settings),
  });
}

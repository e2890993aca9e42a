import { snapshotsOfImage } from '../../api/compute/image-devices.ts';
import { ec2IdOf } from '../../api/ec2-id.ts';
import type { Permission } from '../../kubernetes/permission.ts';
import type { ObjectKey, Read } from '../../kubernetes/read.ts';
import {
  Ami,
  Instance,
  Namespace,
  NetworkInterface,
  Node,
  PersistentVolumeClaim,
  PlacementGroup,
  Snapshot,
  StorageClass,
  Subnet,
  VirtualMachine,
  VirtualMachineClusterInstancetype,
  VirtualMachineInstance,
  Volume,
  Vpc,
} from '../../kubernetes/resources.ts';
import { defineController, ifServed, watching, watchingOwned, type AnyController } from '../../runtime/reconcile.ts';
import { VolumeSnapshot } from '../volume-snapshot.ts';
import { instanceOf, volumesAround, volumesBySnapshot, volumesOfCsiSnapshot } from './indexes.ts';
import { reconcile } from './reconcile.ts';
import type { VolumeSettings } from './settings.ts';

const permissions: readonly Permission[] = [
  { group: 'kube-ec2.io', resource: 'volumes', verbs: ['patch', 'delete'], reason: 'finalizer, and the end of an attachment to an instance that is gone' },
  { group: 'kube-ec2.io', resource: 'volumes/finalizers', verbs: ['update'], reason: 'owner reference of the claim' },
  { group: '', resource: 'persistentvolumeclaims', verbs: ['create', 'patch', 'delete'], reason: 'the disk of a volume' },
  { group: 'snapshot.storage.k8s.io', resource: 'volumesnapshots', verbs: ['create', 'delete'], reason: "another account's snapshot, bound to make a volume of it" },
  { group: 'snapshot.storage.k8s.io', resource: 'volumesnapshotcontents', verbs: ['get', 'create', 'delete'], reason: "another account's snapshot, bound to make a volume of it" },
];

function keysOf(volumes: readonly Volume[]): ObjectKey[] {
  return volumes.map(({ metadata }) => ({ namespace: metadata.namespace, name: metadata.name }));
}

/** Volumes without a disk that are to be made of snapshots of these names or ids. */
function waitingFor(references: readonly string[], read: Read): ObjectKey[] {
  const volumes = [...new Set(references)].flatMap((reference) => read.byIndex(volumesBySnapshot, reference));
  return keysOf(volumes.filter(({ status }) => status?.state !== 'available' && status?.state !== 'in-use'));
}

function aroundMachine({ metadata }: { metadata?: { namespace?: string; name?: string } }, read: Read): ObjectKey[] {
  const instance = instanceOf(metadata?.name ?? '', metadata?.namespace, read);
  return instance === undefined ? [] : keysOf(volumesAround(instance, read));
}

/** Reconciles Volumes into claims. Machines get and lose their disks by the instance controller, which changes a machine in one place. */
export function volumeController(settings: VolumeSettings & { concurrency: number }): AnyController {
  return defineController({
    name: 'volume',
    type: Volume,
    watches: [
      watchingOwned(PersistentVolumeClaim, Volume),
      watching(Volume, (volume, read) => {
        // The device that a volume gives up may be what another waits for.
        const instance = volume.spec.attachment && instanceOf(volume.spec.attachment.instanceId, volume.metadata.namespace, read);
        return instance ? keysOf(volumesAround(instance, read)) : [];
      }),
      watching(Instance, (instance, read) => keysOf(volumesAround(instance, read))),
      watching(VirtualMachine, aroundMachine),
      watching(VirtualMachineInstance, aroundMachine),
      watching(Snapshot, (snapshot, read) =>
        waitingFor([snapshot.metadata.name, ec2IdOf('snap', snapshot)], read),
      ),
      // Launch permission suffices for the snapshots of an image.
      watching(Ami, (ami, read) => waitingFor(snapshotsOfImage(ami), read)),
      ifServed(watching(VolumeSnapshot, ({ metadata }, read) => keysOf(volumesOfCsiSnapshot(metadata?.name ?? '', metadata?.namespace, read).filter(({ status }) => status?.state === 'creating')))),
      watching(StorageClass, (_class, read) => keysOf(read.list(Volume).filter(({ status }) => status?.state === 'creating' && status.storageClassName === undefined))),
      // Only looked up: zones and what decides on them, the disks of instance types, and the account that a snapshot is shared with.
      watching(Node, () => []),
      watching(VirtualMachineClusterInstancetype, () => []),
      watching(PlacementGroup, () => []),
      watching(Subnet, () => []),
      watching(NetworkInterface, () => []),
      watching(Vpc, () => []),
      watching(Namespace, () => []),
    ],
    permissions,
    concurrency: settings.concurrency,
    reconcile: (volume, context) => reconcile(volume, context, settings),
  });
}

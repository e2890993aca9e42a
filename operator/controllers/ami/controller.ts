import { ec2IdOf } from '../../api/ec2-id.ts';
import { snapshotsOfImage } from '../../api/compute/image-devices.ts';
import { Ami, ImportTask, Instance, Namespace, PersistentVolumeClaim, Snapshot, StorageClass, VirtualMachineInstance, Volume } from '../../kubernetes/resources.ts';
import { defineIndex, type ObjectKey } from '../../kubernetes/read.ts';
import { defineController, ifServed, watching, watchingOwned, type AnyController } from '../../runtime/reconcile.ts';
import { VolumeSnapshot } from '../volume-snapshot.ts';
import { reconcile } from './reconcile.ts';

function keyOf({ metadata }: Ami): ObjectKey {
  return { namespace: metadata.namespace, name: metadata.name };
}

const within = (namespace: string | undefined, name: string): string => `${namespace ?? ''}/${name}`;

/** Images by the snapshots that they refer to, by name or id, in their namespace. */
const amisBySnapshot = defineIndex(Ami, 'controllers.ami.snapshot', (ami) => snapshotsOfImage(ami).map((reference) => within(ami.metadata.namespace, reference)));

/** Images by the claim that they are made of, in their namespace. */
const amisByClaim = defineIndex(Ami, 'controllers.ami.claim', ({ metadata, spec }) =>
  spec.source.persistentVolumeClaim === undefined ? [] : [within(metadata.namespace, spec.source.persistentVolumeClaim.claimName)],
);

/** Images by the CSI snapshot that they are made of, in their namespace. */
const amisByCsiSnapshot = defineIndex(Ami, 'controllers.ami.csi-snapshot', ({ metadata, spec }) =>
  spec.source.volumeSnapshot === undefined ? [] : [within(metadata.namespace, spec.source.volumeSnapshot.name)],
);

/** Images that are being taken of an instance, by its name or id. */
const amisByInstance = defineIndex(Ami, 'controllers.ami.instance', ({ metadata, spec, status }) =>
  spec.source.instance === undefined || status?.capture?.phase === 'done' ? [] : [within(metadata.namespace, spec.source.instance.instanceId)],
);

/** Makes images of instances and imports, and tells whether images can be launched. */
export function amiController(): AnyController {
  return defineController({
    name: 'ami',
    type: Ami,
    watches: [
      watchingOwned(ImportTask, Ami),
      watching(PersistentVolumeClaim, ({ metadata }, read) => read.byIndex(amisByClaim, within(metadata?.namespace, metadata?.name ?? '')).map(keyOf)),
      ifServed(watching(VolumeSnapshot, ({ metadata }, read) => read.byIndex(amisByCsiSnapshot, within(metadata?.namespace, metadata?.name ?? '')).map(keyOf))),
      watching(Snapshot, (snapshot, read) => {
        const { namespace, name } = snapshot.metadata;
        return [...new Set([name, ec2IdOf('snap', snapshot)])].flatMap((reference) => read.byIndex(amisBySnapshot, within(namespace, reference))).map(keyOf);
      }),
      watching(Instance, (instance, read) => {
        const { namespace, name } = instance.metadata;
        return [...new Set([name, ec2IdOf('i', instance)])].flatMap((reference) => read.byIndex(amisByInstance, within(namespace, reference))).map(keyOf);
      }),
      watching(Namespace, ({ metadata }, read) => read.list(Ami, metadata?.name).map(keyOf)),
      // Only looked up: the binding mode of a claim that is not bound yet, volumes and agent of an instance.
      watching(StorageClass, () => []),
      watching(VirtualMachineInstance, () => []),
      watching(Volume, () => []),
    ],
    permissions: [
      { group: 'kube-ec2.io', resource: 'amis', verbs: ['patch'], reason: 'finalizer while an instance is stopped for an image' },
      { group: 'kube-ec2.io', resource: 'amis/finalizers', verbs: ['update'], reason: 'owner reference of the import' },
      { group: 'kube-ec2.io', resource: 'importtasks', verbs: ['create'], reason: 'import of an image' },
      { group: 'kube-ec2.io', resource: 'instances', verbs: ['patch'], reason: 'stop and start of an instance that an image is taken of' },
      { group: 'kube-ec2.io', resource: 'snapshots', verbs: ['create'], reason: 'disks of an image that is taken of an instance' },
    ],
    concurrency: 4,
    reconcile,
  });
}

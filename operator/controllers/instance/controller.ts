import {
  AccountSettings,
  Ami,
  DhcpOptions,
  ElasticIp,
  Instance,
  InstanceProfile,
  KeyPair,
  Namespace,
  NetworkInterface,
  Node,
  PersistentVolumeClaim,
  PlacementGroup,
  Pod,
  SecurityGroup,
  Snapshot,
  StorageClass,
  Subnet,
  VirtualMachine,
  VirtualMachineClusterInstancetype,
  VirtualMachineInstance,
  Volume,
  Vpc,
} from '../../kubernetes/resources.ts';
import { ec2IdOf } from '../../api/ec2-id.ts';
import { INSTANCE_ID_LABEL } from '../../api/compute/instance.ts';
import { instanceProfileKeyFrom, instanceProfileNameOf } from '../../api/identity/instance-profile.ts';
import { placementGroupNameOf } from '../../api/compute/placement-group.ts';
import type { Permission } from '../../kubernetes/permission.ts';
import type { ObjectKey, Read } from '../../kubernetes/read.ts';
import { defineController, ifServed, watching, watchingOwned, type AnyController } from '../../runtime/reconcile.ts';
import { VolumeSnapshot } from '../volume-snapshot.ts';
import { publicAddressPermissions } from '../network-provider/public-addresses.ts';
import { publicAddressesFor } from '../network-provider/public-addresses-for.ts';
import { instanceOf } from '../volume/indexes.ts';
import { instancesByAwaited, instancesByInterface, instancesByMachine, instancesByNode, instancesByProfile, instancesBySecurityGroup, instancesWithPublicAddress } from './indexes.ts';
import { reconcile } from './reconcile.ts';
import { isMislabelled } from './relabel.ts';
import type { InstanceSettings } from './settings.ts';

const permissions: readonly Permission[] = [
  { group: 'kube-ec2.io', resource: 'instances', verbs: ['patch', 'delete'], reason: 'finalizer, powerState after a power-off, end of retention' },
  { group: 'kube-ec2.io', resource: 'networkinterfaces', verbs: ['delete'], reason: 'an interface that goes with its instance' },
  { group: 'kube-ec2.io', resource: 'instances/finalizers', verbs: ['update'], reason: 'owner reference of the machine' },
  { group: 'kubevirt.io', resource: 'virtualmachines', verbs: ['get', 'create', 'patch', 'delete'], reason: 'the machine of an instance' },
  { group: 'kubevirt.io', resource: 'virtualmachineinstances', verbs: ['patch'], reason: 'security groups of a running machine' },
  { group: '', resource: 'pods', verbs: ['patch'], reason: 'security groups of a running machine' },
  { group: 'subresources.kubevirt.io', resource: 'virtualmachines/stop', verbs: ['update'], reason: 'force stop' },
  { group: 'subresources.kubevirt.io', resource: 'virtualmachineinstances/softreboot', verbs: ['update'], reason: 'reboot' },
  { group: 'subresources.kubevirt.io', resource: 'virtualmachineinstances/reset', verbs: ['update'], reason: 'reboot of a guest that does not answer' },
  { group: 'kube-ec2.io', resource: 'volumes', verbs: ['create', 'patch'], reason: 'volumes of an instance, let go at its end' },
  { group: 'kube-ec2.io', resource: 'volumes/finalizers', verbs: ['update'], reason: 'owner reference of the claim' },
  { group: '', resource: 'persistentvolumeclaims', verbs: ['create'], reason: 'disks of an instance' },
  { group: 'snapshot.storage.k8s.io', resource: 'volumesnapshots', verbs: ['create'], reason: 'the snapshot behind an image of another account, bound to make a volume of it' },
  { group: 'snapshot.storage.k8s.io', resource: 'volumesnapshotcontents', verbs: ['get', 'create'], reason: 'the snapshot behind an image of another account, bound to make a volume of it' },
  ...publicAddressPermissions,
  { group: '', resource: 'secrets', verbs: ['get', 'create', 'patch', 'delete'], reason: 'user data of an instance' },
];

type Named = { metadata?: { namespace?: string; name?: string } };

function keysOf(instances: readonly Instance[], namespace?: string): ObjectKey[] {
  return instances
    .filter(({ metadata }) => namespace === undefined || metadata.namespace === namespace)
    .map(({ metadata }) => ({ namespace: metadata.namespace, name: metadata.name }));
}

function ofMachine({ metadata }: Named, read: Read): ObjectKey[] {
  return keysOf(read.byIndex(instancesByMachine, metadata?.name ?? ''), metadata?.namespace);
}

function awaiting(read: Read, kind: string, names: readonly (string | undefined)[]): ObjectKey[] {
  return [...new Set(names)].flatMap((name) => (name === undefined ? [] : keysOf(read.byIndex(instancesByAwaited, `${kind}/${name}`))));
}

/** Reconciles Instances into KubeVirt machines. */
export function instanceController(settings: InstanceSettings & { concurrency: number }): AnyController {
  const addresses = publicAddressesFor(settings);
  return defineController({
    name: 'instance',
    type: Instance,
    watches: [
      watchingOwned(VirtualMachine, Instance),
      // The public address that an instance has while it runs.
      ...addresses.instanceWatches,
      watching(VirtualMachineInstance, ofMachine),
      watching(Pod, (pod, read) => (isMislabelled(pod, read) ? keysOf(read.byIndex(instancesByMachine, pod.metadata?.labels?.[INSTANCE_ID_LABEL] ?? ''), pod.metadata?.namespace) : [])),
      watching(Node, ({ metadata }, read) => keysOf(read.byIndex(instancesByNode, metadata?.name ?? ''))),
      watching(Ami, (ami, read) => awaiting(read, 'Ami', [ami.metadata.name, ec2IdOf('ami', ami)])),
      // Few: those that are refused for what the settings enforce.
      watching(AccountSettings, ({ metadata }, read) =>
        keysOf(read.list(Instance, metadata.namespace).filter(({ status }) => status?.virtualMachineUid === undefined)),
      ),
      watching(KeyPair, ({ metadata, spec }, read) => awaiting(read, 'KeyPair', [spec.keyName ?? metadata.name])),
      watching(InstanceProfile, (profile, read) =>
        keysOf(read.byIndex(instancesByProfile, instanceProfileKeyFrom(instanceProfileNameOf(profile))), profile.metadata.namespace),
      ),
      watching(PlacementGroup, (group, read) => awaiting(read, 'PlacementGroup', [placementGroupNameOf(group)])),
      watching(NetworkInterface, (networkInterface, read) =>
        [networkInterface.metadata.name, ec2IdOf('eni', networkInterface)].flatMap((name) =>
          keysOf(read.byIndex(instancesByInterface, name), networkInterface.metadata.namespace),
        ),
      ),
      watching(ElasticIp, ({ metadata, status }, read) => keysOf(read.byIndex(instancesByMachine, status?.instanceId ?? ''), metadata.namespace)),
      watching(VirtualMachineClusterInstancetype, ({ metadata }, read) => awaiting(read, 'VirtualMachineClusterInstancetype', [metadata?.name])),
      watching(SecurityGroup, (group, read) =>
        [group.metadata.name, ec2IdOf('sg', group)].flatMap((name) => keysOf(read.byIndex(instancesBySecurityGroup, name), group.metadata.namespace)),
      ),
      // Few: they look whether the ports that their default groups open have changed.
      watching(SecurityGroup, ({ metadata }, read) => keysOf(read.byIndex(instancesWithPublicAddress, metadata.namespace ?? ''))),
      watching(Subnet, (subnet, read) => awaiting(read, 'Subnet', [subnet.metadata.name, ec2IdOf('subnet', subnet)])),
      // Only looked up: it is there before its subnets are.
      watching(Vpc, () => []),
      watching(DhcpOptions, () => []),
      watching(Volume, ({ metadata, spec, status }, read) =>
        [spec.attachment?.instanceId, status?.attachment?.instanceId].flatMap((reference) => {
          const instance = reference === undefined ? undefined : instanceOf(reference, metadata.namespace, read);
          return instance === undefined ? [] : keysOf([instance]);
        }),
      ),
      // Only looked up: whether a volume has its claim, which its Volume tells, and what it can be made from.
      watching(PersistentVolumeClaim, () => []),
      ifServed(watching(VolumeSnapshot, () => [])),
      watching(Snapshot, () => []),
      watching(StorageClass, () => []),
      // Only looked up: the account of the namespace decides which shared images may be launched.
      watching(Namespace, () => []),
    ],
    permissions,
    concurrency: settings.concurrency,
    reconcile: (instance, context) => reconcile(instance, context, settings),
  });
}

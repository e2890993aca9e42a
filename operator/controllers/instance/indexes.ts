import { instanceProfileKeyFrom, instanceProfileNameOf } from '../../api/identity/instance-profile.ts';
import { INSTANCE_ID_LABEL } from '../../api/compute/instance.ts';
import { ownInterfaceIdOf } from '../../api/network/network-interface.ts';
import { defineIndex } from '../../kubernetes/read.ts';
import { Instance, InstanceProfile, Pod } from '../../kubernetes/resources.ts';
import { instanceIdOf } from './identity.ts';

/** Instances by EC2 id, which is the name of the machine. */
export const instancesByMachine = defineIndex(Instance, 'controllers.machine', (instance) => [instanceIdOf(instance)]);

/** Instances by the node that they run on. */
export const instancesByNode = defineIndex(Instance, 'controllers.node', ({ status }) => (status?.nodeName === undefined ? [] : [status.nodeName]));

/** What an instance may be waiting for, as `Kind/name or id`: once it has a machine its placement group only, which it can be given later. */
export function awaitedBy({ spec, status }: Instance): string[] {
  const group = spec.placement.groupName === undefined ? [] : [`PlacementGroup/${spec.placement.groupName}`];
  if (status?.virtualMachineUid !== undefined) return group;
  return [
    ...group,
    `Ami/${spec.imageId}`,
    `VirtualMachineClusterInstancetype/${spec.instanceType}`,
    ...(spec.subnetId === undefined ? [] : [`Subnet/${spec.subnetId}`]),
    ...(spec.keyName === undefined ? [] : [`KeyPair/${spec.keyName}`]),
  ];
}

/** Instances by what they may be waiting for. */
export const instancesByAwaited = defineIndex(Instance, 'controllers.awaited', awaitedBy);

/** Instances by the names and ids of security groups in their spec. */
export const instancesBySecurityGroup = defineIndex(Instance, 'controllers.securityGroup', ({ spec }) => spec.securityGroupIds ?? []);

/** Instances by the name of their instance profile, in lower case. */
export const instancesByProfile = defineIndex(Instance, 'controllers.profile', ({ spec }) =>
  spec.iamInstanceProfile === undefined ? [] : [instanceProfileKeyFrom(spec.iamInstanceProfile)],
);

/** Instance profiles by name, in lower case, of all namespaces. */
export const profilesByName = defineIndex(InstanceProfile, 'controllers.name', (profile) => [instanceProfileKeyFrom(instanceProfileNameOf(profile))]);

/** Pods of machines by namespace and EC2 id of the instance: one while it runs, two while it moves to another node. */
export const podsByMachine = defineIndex(Pod, 'controllers.machine', ({ metadata }) => {
  const id = metadata?.labels?.[INSTANCE_ID_LABEL];
  return id === undefined ? [] : [`${metadata?.namespace ?? ''}/${id}`];
});
/** Instances by the EC2 id of the network interface that they are born with; none for those that were launched with one that was there before. */
export const instancesByOwnInterface = defineIndex(Instance, 'controllers.ownInterface', (instance) =>
  instance.spec.networkInterface?.networkInterfaceId === undefined ? [ownInterfaceIdOf(instance)] : [],
);

/** Instances by the name or id of the network interface in their spec. */
export const instancesByInterface = defineIndex(Instance, 'controllers.interface', ({ spec }) =>
  spec.networkInterface?.networkInterfaceId === undefined ? [] : [spec.networkInterface.networkInterfaceId],
);

/** Instances that ask for a public address while they run, by namespace. */
export const instancesWithPublicAddress = defineIndex(Instance, 'controllers.publicAddress', ({ metadata, spec }) =>
  spec.networkInterface?.associatePublicIpAddress === true ? [metadata.namespace ?? ''] : [],
);

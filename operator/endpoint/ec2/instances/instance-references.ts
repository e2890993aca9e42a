import { ec2IdOf } from '../../../api/ec2-id.ts';
import { ofId } from '../../../api/of-id.ts';
import { DEFAULT_SECURITY_GROUP_NAME } from '../../../api/network/security-group.ts';
import type { Read } from '../../../kubernetes/read.ts';
import { Ami, SecurityGroup, VirtualMachineClusterInstancetype, type ElasticIp, type Instance, type InstanceProfile, type NetworkInterface, type Volume } from '../../../kubernetes/resources.ts';
import { associationsIn, type Associations } from '../addresses/associations.ts';
import { profileOfReference } from '../instance-profiles/find-profile.ts';
import { amisById, securityGroupsById, securityGroupsByName, volumesAround, withinNamespace } from '../indexes.ts';
import { launchedWith } from '../network-interfaces/find-interface.ts';
import { networkPlaceLookup, networkPlaceOf, type NetworkPlace } from '../subnets/find-subnet.ts';
import { defaultVpcIdOf, vpcIdOf } from '../vpcs/find-vpc.ts';

/** What an instance refers to, as far as it still exists. */
export interface InstanceReferences {
  ami: Ami | undefined;
  type: VirtualMachineClusterInstancetype | undefined;
  groups: readonly SecurityGroup[];
  profile: InstanceProfile | undefined;
  /** The interface that it was launched with; undefined if it has its own. */
  networkInterface: NetworkInterface | undefined;
  /** Its public address. */
  elasticIp: ElasticIp | undefined;
  /** Those attached, to be attached or being detached. */
  volumes: readonly Volume[];
  /** VPC and subnet. */
  place: NetworkPlace;
}

/** The image that an instance boots, whether or not others may launch it still. */
export function amiOf({ metadata, spec, status }: Instance, read: Read): Ami | undefined {
  if (status?.imageId !== undefined) return ofId(read.byIndex(amisById, status.imageId), metadata.namespace);
  return read.get(Ami, { namespace: metadata.namespace, name: spec.imageId }) ?? ofId(read.byIndex(amisById, spec.imageId), metadata.namespace);
}

/** The instance type that an instance has. */
export function typeOf({ spec, status }: Instance, read: Read): VirtualMachineClusterInstancetype | undefined {
  return read.get(VirtualMachineClusterInstancetype, { name: status?.instanceType ?? spec.instanceType });
}

/** The security groups of an instance; without any in the spec the default group of the account. */
export function groupsOf(instance: Instance, read: Read): readonly SecurityGroup[] {
  const { namespace } = instance.metadata;
  const references = groupReferencesOf(instance, launchedWith(instance, read));
  if (references.length === 0) return defaultGroupsOf(read, namespace, networkPlaceOf(instance, read).vpcId);
  return references.flatMap((reference) => findGroup(reference, namespace, read) ?? []);
}

function groupReferencesOf({ metadata, spec, status }: Instance, networkInterface: NetworkInterface | undefined): readonly string[] {
  if (networkInterface) return networkInterface.spec.securityGroupIds ?? [];
  // The spec counts as soon as it is newer than what the controllers have seen.
  const isSeen = status?.observedGeneration === metadata.generation;
  return (isSeen ? status?.securityGroupIds : undefined) ?? spec.securityGroupIds ?? [];
}

/** A group by name of the object or by id. */
export function findGroup(reference: string, namespace: string | undefined, read: Read): SecurityGroup | undefined {
  return (
    read.byIndex(securityGroupsById, withinNamespace(namespace, reference))[0] ?? read.get(SecurityGroup, { namespace, name: reference })
  );
}

/** The default group of a VPC, by default that of the default VPC: none until the controllers have made it. */
export function defaultGroupsOf(read: Read, namespace: string | undefined, vpcId = defaultVpcIdOf(read, namespace)): readonly SecurityGroup[] {
  return read
    .byIndex(securityGroupsByName, withinNamespace(namespace, DEFAULT_SECURITY_GROUP_NAME))
    .filter(({ spec }) => vpcIdOf(spec.vpcId, namespace, read) === vpcId)
    .toSorted((left, right) => (ageKey(left) < ageKey(right) ? -1 : 1))
    .slice(0, 1);
}

/** Resolves the references of many instances of one namespace: looks each thing up once. For the time of one request only. */
export function referencesLookup(read: Read): (instance: Instance) => InstanceReferences {
  const amis = { byId: new Map<string, Ami | undefined>(), byReference: new Map<string, Ami | undefined>() };
  const types = new Map<string, VirtualMachineClusterInstancetype | undefined>();
  const groups = new Map<string, readonly SecurityGroup[]>();
  const profiles = new Map<string, InstanceProfile | undefined>();
  const placeOf = networkPlaceLookup(read);
  const associations = new Map<string | undefined, Associations>();
  return (instance) => {
    const { metadata, spec, status } = instance;
    const profileName = spec.iamInstanceProfile;
    const imageId = status?.imageId;
    const networkInterface = launchedWith(instance, read);
    const { namespace } = metadata;
    return {
      ami: imageId === undefined ? computed(amis.byReference, spec.imageId, () => amiOf(instance, read)) : computed(amis.byId, imageId, () => amiOf(instance, read)),
      type: computed(types, status?.instanceType ?? spec.instanceType, () => typeOf(instance, read)),
      groups: computed(groups, groupReferencesOf(instance, networkInterface).join() || (placeOf(instance).vpcId ?? ''), () => groupsOf(instance, read)),
      profile: profileName === undefined ? undefined : computed(profiles, profileName, () => profileOfReference(profileName, metadata.namespace, read)),
      volumes: volumesAround(instance, read),
      place: placeOf(instance),
      networkInterface,
      elasticIp: computed(associations, namespace, () => associationsIn(namespace, read)).atInstance(instance),
    };
  };
}

function computed<Key, T>(known: Map<Key, T>, key: Key, compute: () => T): T {
  const value = known.get(key);
  if (value !== undefined || known.has(key)) return value as T;
  const fresh = compute();
  known.set(key, fresh);
  return fresh;
}

function ageKey(group: SecurityGroup): string {
  return `${group.metadata.creationTimestamp ?? ''}/${ec2IdOf('sg', group)}`;
}

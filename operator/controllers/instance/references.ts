import { isRefusedFor } from '../../api/compute/launched-metadata-options.ts';
import { canBeLaunchedByOthers } from '../../api/compute/launch-permission.ts';
import { instanceProfileArnOf, instanceProfileKeyFrom } from '../../api/identity/instance-profile.ts';
import { ARCHITECTURE_LABEL, type InstanceStorage } from '../../api/compute/instance-type.ts';
import { partitionCountOf } from '../../api/compute/placement-group.ts';
import { instanceStorageOfType } from '../../kubernetes/instance-type-facts.ts';
import type { Read } from '../../kubernetes/read.ts';
import {
  type Ami,
  type InstanceProfile,
  KeyPair,
  type NetworkInterface,
  type PlacementGroup,
  VirtualMachineClusterInstancetype,
  type Instance,
} from '../../kubernetes/resources.ts';
import { accountIdOfNamespace } from '../account-of-namespace.ts';
import { metadataDefaultsOf } from '../account-settings.ts';
import { byAge } from '../by-age.ts';
import { launchableImage } from '../launchable-image.ts';
import { instanceOfInterface, interfaceOfInstance } from '../network-interface/attached.ts';
import { placementGroupOf } from '../placement-group/reconcile.ts';
import { objectionToDevices } from './devices.ts';
import { profilesByName } from './indexes.ts';
import { networkPlaceOf, objectionToPlace, type NetworkPlace } from './network-place.ts';
import { isObjection, type Objection } from './objection.ts';
import { securityGroupIdsFor } from './security-groups.ts';

/** What an instance refers to, all found. */
export interface References {
  ami: Ami;
  /** Disks of its type. */
  instanceStorage: InstanceStorage | undefined;
  keyPair: KeyPair | undefined;
  securityGroupIds: string[];
  /** The interface that the spec names. */
  networkInterface: NetworkInterface | undefined;
  placementGroup: PlacementGroup | undefined;
  instanceProfile: InstanceProfile | undefined;
  /** Subnet, if it names one, and VPC. */
  place: NetworkPlace;
}

/** Nothing that the account may launch has this name or id. */
export function amiNotFound(reference: string): Objection {
  return { reason: 'AmiNotFound', message: `AMI ${reference} does not exist in this namespace, nor is one of that id shared with this account` };
}

/** The cluster has no type of this name. */
export function instanceTypeNotFound(name: string): Objection {
  return { reason: 'InstanceTypeNotFound', message: `instance type ${name} does not exist: there is no VirtualMachineClusterInstancetype of that name` };
}

function amiOf({ spec, metadata }: Instance, read: Read): Ami | Objection {
  const ami = launchableImage(spec.imageId, metadata.namespace, read);
  if (ami === undefined) {
    return amiNotFound(spec.imageId);
  }
  if (ami.metadata.namespace === metadata.namespace || canBeLaunchedByOthers(ami)) return ami;
  return {
    reason: 'SharedVolumeUnsupported',
    message: `AMI ${spec.imageId} of another account is made of a claim or VolumeSnapshot, which cannot be cloned across namespaces; its owner has to make a Snapshot of it, and an Ami of that`,
  };
}

function keyPairOf({ spec, metadata }: Instance, read: Read): KeyPair | undefined | Objection {
  const { keyName } = spec;
  if (keyName === undefined) return undefined;
  const named = read.list(KeyPair, metadata.namespace).filter((candidate) => (candidate.spec.keyName ?? candidate.metadata.name) === keyName);
  const keyPair = named.toSorted(byAge)[0];
  if (keyPair === undefined) return { reason: 'KeyPairNotFound', message: `key pair ${keyName} does not exist in this namespace` };
  if (keyPair.status?.secretName !== undefined) return keyPair;
  return { reason: 'KeyPairNotReady', message: `key pair ${keyName} is not ready; see its conditions` };
}

/** The EC2 ids of the security groups of an instance or of its interface, sorted; without any in the spec that of the default group of its VPC. */
export function securityGroupIdsOf(instance: Instance, read: Read): string[] | Objection {
  const { metadata, spec } = instance;
  const home = { namespace: metadata.namespace, vpcId: networkPlaceOf(instance, read).vpcId };
  if (spec.networkInterface?.networkInterfaceId === undefined) return securityGroupIdsFor(spec.securityGroupIds, home, read);
  const networkInterface = interfaceOfInstance(instance, read);
  return networkInterface === undefined ? interfaceNotFound(instance) : securityGroupIdsFor(networkInterface.spec.securityGroupIds, home, read);
}

function interfaceNotFound({ spec }: Instance): Objection {
  const { networkInterfaceId = '' } = spec.networkInterface ?? {};
  return { reason: 'NetworkInterfaceNotFound', message: `network interface ${networkInterfaceId} does not exist in this namespace` };
}

function networkInterfaceFor(instance: Instance, read: Read): NetworkInterface | undefined | Objection {
  if (instance.spec.networkInterface?.networkInterfaceId === undefined) return undefined;
  const networkInterface = interfaceOfInstance(instance, read);
  if (networkInterface === undefined || networkInterface.metadata.deletionTimestamp !== undefined) return interfaceNotFound(instance);
  const holder = instanceOfInterface(networkInterface, read);
  if (holder === undefined || holder.metadata.uid === instance.metadata.uid) return networkInterface;
  return { reason: 'NetworkInterfaceInUse', message: `network interface ${networkInterface.metadata.name} is in use by Instance ${holder.metadata.name}` };
}

/** Why an instance cannot have the type that its spec names; `architecture` is that of its image. */
export function objectionToType({ spec }: Instance, architecture: string, read: Read): Objection | undefined {
  const type = read.get(VirtualMachineClusterInstancetype, { name: spec.instanceType });
  if (type === undefined) {
    return instanceTypeNotFound(spec.instanceType);
  }
  const offered = type.metadata?.labels?.[ARCHITECTURE_LABEL] ?? 'x86_64';
  if (offered === architecture) return undefined;
  return { reason: 'ArchitectureMismatch', message: `AMI ${spec.imageId} is for ${architecture}, but instance type ${spec.instanceType} is ${offered}` };
}

/** Nodes are shared by all accounts, so there is one tenancy. */
export function objectionToTenancy({ spec }: Instance): Objection | undefined {
  const { tenancy } = spec.placement;
  return tenancy === 'default' ? undefined : { reason: 'TenancyUnsupported', message: `tenancy ${tenancy} cannot be honoured; use default` };
}

/** The placement group that an instance names; undefined if it names none. */
export function placementGroupFor({ spec, metadata }: Instance, read: Read): PlacementGroup | undefined | Objection {
  const { groupName, partitionNumber } = spec.placement;
  if (groupName === undefined || groupName === '') return undefined;
  const group = placementGroupOf(groupName, metadata.namespace, read);
  if (group === undefined) return { reason: 'PlacementGroupNotFound', message: `placement group ${groupName} does not exist in this namespace` };
  if (partitionNumber === undefined || (group.spec.strategy === 'partition' && partitionNumber <= partitionCountOf(group))) return group;
  return { reason: 'PartitionNotFound', message: `placement group ${groupName} has no partition ${partitionNumber}` };
}

/** The instance profile that an instance names; undefined if it names none. */
export function instanceProfileOf({ spec, metadata }: Instance, read: Read): InstanceProfile | undefined | Objection {
  const { iamInstanceProfile: reference } = spec;
  if (reference === undefined) return undefined;
  const profile = read.byIndex(profilesByName, instanceProfileKeyFrom(reference)).find((candidate) => candidate.metadata.namespace === metadata.namespace);
  const notFound = { reason: 'InstanceProfileNotFound', message: `instance profile ${reference} does not exist in this namespace` };
  if (profile === undefined) return notFound;
  if (!reference.startsWith('arn:')) return profile;
  return instanceProfileArnOf(profile, accountIdOfNamespace(metadata.namespace, read) ?? '') === reference ? profile : notFound;
}

/** Finds all that an instance refers to, or says what is missing. Only caches are read. */
export function referencesOf(instance: Instance, read: Read): References | Objection {
  const ami = amiOf(instance, read);
  if (isObjection(ami)) return ami;
  if (ami.status?.state !== 'available') {
    return { reason: 'AmiNotAvailable', message: `AMI ${instance.spec.imageId} is not available: ${ami.status?.stateReason?.message ?? 'it is not reconciled yet'}` };
  }
  const typeObjection = objectionToType(instance, ami.spec.architecture, read);
  if (typeObjection !== undefined) return typeObjection;
  const deviceObjection = objectionToDevices(instance, ami);
  if (deviceObjection !== undefined) return { reason: 'BlockDeviceUnsupported', message: deviceObjection };
  const tenancyObjection = objectionToTenancy(instance);
  if (tenancyObjection !== undefined) return tenancyObjection;
  if (isRefusedFor(instance.spec.metadataOptions, metadataDefaultsOf(instance.metadata.namespace, read))) {
    return { reason: 'MetadataTokensEnforced', message: 'metadataOptions.httpTokens is optional, and the AccountSettings enforce tokens; set it to required' };
  }
  const keyPair = keyPairOf(instance, read);
  if (keyPair !== undefined && isObjection(keyPair)) return keyPair;
  const placeObjection = objectionToPlace(instance, read);
  if (placeObjection !== undefined) return placeObjection;
  const securityGroupIds = securityGroupIdsOf(instance, read);
  if (isObjection(securityGroupIds)) return securityGroupIds;
  const networkInterface = networkInterfaceFor(instance, read);
  if (networkInterface !== undefined && isObjection(networkInterface)) return networkInterface;
  const placementGroup = placementGroupFor(instance, read);
  if (placementGroup !== undefined && isObjection(placementGroup)) return placementGroup;
  const instanceProfile = instanceProfileOf(instance, read);
  if (instanceProfile !== undefined && isObjection(instanceProfile)) return instanceProfile;
  const instanceStorage = instanceStorageOfType(instance.spec.instanceType, read);
  return { ami, instanceStorage, keyPair, securityGroupIds, networkInterface, placementGroup, instanceProfile, place: networkPlaceOf(instance, read) };
}

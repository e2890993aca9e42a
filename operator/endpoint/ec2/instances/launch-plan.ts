import type { RunInstancesRequest } from '@aws-sdk/client-ec2';
import type { z } from 'zod';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import { DEFAULT_INSTANCE_TYPE, launchDraftFrom, requireArchitecture } from '../../../api/compute/launch-draft.ts';
import type { DeviceFacts } from '../../../api/compute/launch-devices.ts';
import { requireHonourable } from '../../../api/compute/launch-refusals.ts';
import { parameterNameOf } from '../../../api/compute/image-parameter.ts';
import { canBeLaunchedByOthers } from '../../../api/compute/launch-permission.ts';
import type { InstanceDefinition, InstanceSpec } from '../../../api/compute/instance.ts';
import { instanceProfileNameOf } from '../../../api/identity/instance-profile.ts';
import type { Ami } from '../../../kubernetes/resources.ts';
import { AwsError, invalidParameterValue, missingParameter } from '../../errors.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { metadataDefaultsOf } from '../account-settings/find-settings.ts';
import { requireImageIdOfParameter } from '../images/image-parameters.ts';
import { IdKinds, requireOne } from '../ids.ts';
import { keyPairsByName, withinNamespace } from '../indexes.ts';
import { findVisibleImage, shownImageStateOf } from '../images/visible-images.ts';
import { requestedProfile } from '../instance-profiles/find-profile.ts';
import { findInstanceType, type InstanceTypeFacts } from '../../../kubernetes/instance-type-facts.ts';
import { templateDataFromLaunch } from '../launch-templates/template-data.ts';
import { requireUsableSnapshot } from '../snapshots/find-snapshot.ts';
import { tagsByType } from '../tag-specifications.ts';
import { requireClassFor } from '../volumes/require-class.ts';
import { zonesFrom } from '../zones/zones.ts';
import { launchInterfaceFor } from './launch-interface.ts';
import { launchNetworkFor, noDefaultSubnet, securityGroupIdsFor, type LaunchNetwork } from './launch-network.ts';
import { groupPlacementFor, otherZone, type GroupPlacement } from './launch-placement.ts';
import { leastAllocatedZone } from './launch-zone.ts';
import { userDataFrom } from './user-data.ts';

type Lookup = Pick<ReadOnlyContext, 'read' | 'caller' | 'region' | 'clock'>;

/** What a launch will make, everything checked and found. */
export interface LaunchPlan {
  /** Spec of every instance, but for `launch` and `userDataSecretRef`. */
  spec: InstanceSpec;
  userData: Buffer | undefined;
  /** vCPUs of one instance. */
  vcpus: number;
  /** What the placement group says, if there is one. */
  group: GroupPlacement | undefined;
}

/**
 * Checks all parameters of a launch and finds what they name; nothing is written.
 * @throws AwsError MissingParameter, InvalidParameterValue, InvalidAMIID.*, InvalidKeyPair.NotFound, MissingInput - no default subnet, InvalidUserData.Malformed,
 *   TagLimitExceeded and the refusals of launch-interface.ts and launch-network.ts
 * @throws Refusal - those of api/compute/launch-draft.ts
 */
export function launchPlanFor(parameters: RunInstancesRequest, context: Lookup): LaunchPlan {
  requireHonourable(templateDataFromLaunch(parameters));
  const tagsOf = tagsByType(parameters.TagSpecifications, ['instance', 'network-interface', 'volume']);
  const { input, spec: networkInterface } = launchInterfaceFor(parameters, tagsOf('network-interface'), context);
  const imageId = imageIdFrom(input.ImageId, context);
  const ami = requireAmi(imageId, context);
  const type = requireType(input.InstanceType ?? DEFAULT_INSTANCE_TYPE, ami, context);
  requireKeyPair(input.KeyName, context);
  const facts = { ami, type, metadataDefaults: metadataDefaultsOf(context), ...deviceFactsFor(context) };
  const { spec: draft } = launchDraftFrom({ ...templateDataFromLaunch(parameters), imageId }, facts);
  const network = launchNetworkFor(input, context);
  const groups = securityGroupIdsFor(input, network, context);
  const group = groupPlacementFor(input.Placement, context);
  const profile = requestedProfile(input.IamInstanceProfile, context);
  const zone = zoneFor(input, ami, network, group, context);
  // What the request names may be spelled in several ways; the Instance has what was found.
  const { securityGroupIds: _groups, networkInterface: _interface, subnetId: _subnet, iamInstanceProfile: _profile, ...rest } = draft;
  const spec: InstanceSpec = {
    ...rest,
    ...(groups.length > 0 && { securityGroupIds: groups }),
    ...(networkInterface && { networkInterface }),
    ...(network.subnet && { subnetId: ec2IdOf('subnet', network.subnet) }),
    placement: { tenancy: draft.placement.tenancy, ...(zone !== undefined && { availabilityZone: zone }), ...(group && { groupName: group.groupName }) },
    ...(profile && { iamInstanceProfile: instanceProfileNameOf(profile) }),
  };
  return { spec, userData: userDataFrom(input.UserData), vcpus: type.vcpus, group };
}

/** What devices are judged by, as the caller sees it. */
function deviceFactsFor(context: Lookup): DeviceFacts {
  return {
    snapshotSizeOf: (snapshotId) => requireUsableSnapshot(snapshotId, context).status?.volumeSize,
    requireClassFor: (volume) => requireClassFor(volume, context),
  };
}

/**
 * The type, if it exists and runs the image.
 * @throws AwsError InvalidParameterValue
 * @throws Refusal InvalidParameterValue - another architecture
 */
export function requireType(name: string, ami: Ami | undefined, { read }: Pick<Lookup, 'read'>): InstanceTypeFacts {
  const type = findInstanceType(read, name);
  if (!type) throw new AwsError('InvalidParameterValue', `The following supplied instance types do not exist: [${name}]`);
  if (ami) requireArchitecture(type, ami);
  return type;
}

/** Metadata options as given, checked by the schema of the Instance later. */
export function metadataOptionsFor(options: RunInstancesRequest['MetadataOptions']): z.input<typeof InstanceDefinition.spec>['metadataOptions'] {
  if (!options) return undefined;
  return {
    httpTokens: options.HttpTokens,
    httpEndpoint: options.HttpEndpoint,
    httpPutResponseHopLimit: options.HttpPutResponseHopLimit,
    httpProtocolIpv6: options.HttpProtocolIpv6,
    instanceMetadataTags: options.InstanceMetadataTags,
  };
}

function imageIdFrom(imageId: string | undefined, context: Lookup): string {
  if (!imageId) throw missingParameter('ImageId');
  const parameter = parameterNameOf(imageId);
  return parameter === undefined ? imageId : requireImageIdOfParameter(parameter, context);
}

function requireAmi(imageId: string, { read, caller }: Lookup): Ami {
  const { ami, isOwn } = requireOne(IdKinds.image, imageId, (id) => findVisibleImage(read, caller, id));
  if (shownImageStateOf(ami) !== 'available') throw new AwsError('InvalidAMIID.Unavailable', `The image ID '${imageId}' is not available`);
  if (!isOwn && !canBeLaunchedByOthers(ami)) {
    throw new AwsError('UnsupportedOperation', `The image '${imageId}' of another account is made of a claim or VolumeSnapshot of Kubernetes', which only its own account can launch.`);
  }
  return ami;
}

function requireKeyPair(keyName: string | undefined, { read, caller }: Lookup): void {
  if (!keyName || read.byIndex(keyPairsByName, withinNamespace(caller.namespace, keyName)).length > 0) return;
  throw new AwsError(IdKinds.keyPair.notFoundCode, IdKinds.keyPair.notFound([keyName]));
}

function zoneFor(input: RunInstancesRequest, ami: Ami, network: LaunchNetwork, group: GroupPlacement | undefined, context: Lookup): string | undefined {
  const { read, region } = context;
  const zone = requestedZone(input, network, context);
  if (zone !== undefined) {
    if (!network.isOpen(zone)) throw noDefaultSubnet(zone, context);
    if (group?.onlyZone !== undefined && group.onlyZone !== zone) throw otherZone(group);
    return zone;
  }
  const rank = (name: string): number => (network.isOpen(name) ? (group?.rankOfZone(name) ?? 0) : Number.POSITIVE_INFINITY);
  const chosen = group?.onlyZone ?? leastAllocatedZone(ami.spec.architecture, read, region, rank);
  if (chosen !== undefined && !network.isOpen(chosen)) throw noDefaultSubnet(undefined, context);
  return chosen;
}

/** The zone that a launch names, directly or by its subnet. @throws AwsError InvalidParameterValue */
function requestedZone({ Placement: placement }: RunInstancesRequest, { subnet }: LaunchNetwork, { read, region }: Lookup): string | undefined {
  const { AvailabilityZone: name, AvailabilityZoneId: id } = placement ?? {};
  const home = subnet?.spec.availabilityZone;
  if (!name && !id) return home;
  const [zone] = zonesFrom(read, region).filter((candidate) => (!name || candidate.name === name) && (!id || candidate.id === id));
  if (!zone) throw new AwsError('InvalidParameterValue', `Invalid availability zone: [${[name, id].filter(Boolean).join(', ')}]`);
  if (!subnet || zone.name === home) return zone.name;
  throw invalidParameterValue('availabilityZone', zone.name, `Subnet '${ec2IdOf('subnet', subnet)}' is in the availability zone ${home}`);
}

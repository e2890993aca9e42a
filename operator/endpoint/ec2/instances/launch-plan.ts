import type { CpuOptionsRequest, RunInstancesRequest } from '@aws-sdk/client-ec2';
import type { z } from 'zod';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import { isRefusedFor, launchedMetadataOptions } from '../../../api/compute/launched-metadata-options.ts';
import { parameterNameOf } from '../../../api/compute/image-parameter.ts';
import { canBeLaunchedByOthers } from '../../../api/compute/launch-permission.ts';
import { InstanceDefinition, type InstanceSpec } from '../../../api/compute/instance.ts';
import { instanceProfileNameOf } from '../../../api/identity/instance-profile.ts';
import type { Ami } from '../../../kubernetes/resources.ts';
import { AwsError, invalidParameterValue, missingParameter } from '../../errors.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { metadataDefaultsOf, tokensEnforced } from '../account-settings/find-settings.ts';
import { requireImageIdOfParameter } from '../images/image-parameters.ts';
import { IdKinds, requireOne } from '../ids.ts';
import { keyPairsByName, withinNamespace } from '../indexes.ts';
import { findVisibleImage, shownImageStateOf } from '../images/visible-images.ts';
import { requestedProfile } from '../instance-profiles/find-profile.ts';
import { findInstanceType, type InstanceTypeFacts } from '../instance-types/instance-type-facts.ts';
import { tagsByType } from '../tag-specifications.ts';
import { zonesFrom } from '../zones/zones.ts';
import { blockDeviceMappingsFor } from './launch-devices.ts';
import { launchInterfaceFor } from './launch-interface.ts';
import { launchNetworkFor, noDefaultSubnet, securityGroupIdsFor, type LaunchNetwork } from './launch-network.ts';
import { groupPlacementFor, otherZone, type GroupPlacement } from './launch-placement.ts';
import { requireHonourable } from './launch-refusals.ts';
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

/** EC2's own default. */
const DEFAULT_INSTANCE_TYPE = 'm1.small';

/**
 * Checks all parameters of a launch and finds what they name; nothing is written.
 * @throws AwsError MissingParameter, InvalidParameterValue, InvalidAMIID.*, InvalidKeyPair.NotFound, InvalidBlockDeviceMapping, MissingInput - no default subnet,
 *   InvalidUserData.Malformed, TagLimitExceeded and the refusals of launch-interface.ts, launch-network.ts and launch-refusals.ts
 */
export function launchPlanFor(parameters: RunInstancesRequest, context: Lookup): LaunchPlan {
  requireHonourable(parameters);
  const tagsOf = tagsByType(parameters.TagSpecifications, ['instance', 'network-interface', 'volume']);
  const { input, spec: networkInterface } = launchInterfaceFor(parameters, tagsOf('network-interface'), context);
  const imageId = imageIdFrom(input.ImageId, context);
  const ami = requireAmi(imageId, context);
  const type = requireType(input.InstanceType ?? DEFAULT_INSTANCE_TYPE, ami, context);
  requireKeyPair(input.KeyName, context);
  requireCpuOptions(input.CpuOptions, type);
  const tags = tagsOf('instance');
  const volumeTags = tagsOf('volume');
  const devices = blockDeviceMappingsFor(input.BlockDeviceMappings, ami, context);
  const network = launchNetworkFor(input, context);
  const groups = securityGroupIdsFor(input, network, context);
  const group = groupPlacementFor(input.Placement, context);
  const profile = requestedProfile(input.IamInstanceProfile, context);
  const metadataDefaults = metadataDefaultsOf(context);
  const spec = specFrom({
    imageId,
    instanceType: type.name,
    keyName: input.KeyName,
    securityGroupIds: groups.length > 0 ? groups : undefined,
    networkInterface,
    subnetId: network.subnet && ec2IdOf('subnet', network.subnet),
    placement: { availabilityZone: zoneFor(input, ami, network, group, context), groupName: group?.groupName },
    blockDeviceMappings: devices.length > 0 ? devices : undefined,
    instanceInitiatedShutdownBehavior: shutdownBehaviorFor(input.InstanceInitiatedShutdownBehavior, ami),
    disableApiTermination: input.DisableApiTermination,
    disableApiStop: input.DisableApiStop,
    monitoring: input.Monitoring?.Enabled,
    ebsOptimized: input.EbsOptimized,
    creditSpecification: creditSpecificationFor(input.CreditSpecification?.CpuCredits, type),
    metadataOptions: launchedMetadataOptions(metadataOptionsFor(input.MetadataOptions), metadataDefaults),
    iamInstanceProfile: profile && instanceProfileNameOf(profile),
    tags: tags.length > 0 ? tags : undefined,
    volumeTags: volumeTags.length > 0 ? volumeTags : undefined,
  });
  if (isRefusedFor(spec.metadataOptions, metadataDefaults)) throw tokensEnforced("You can't launch instances with");
  return { spec, userData: userDataFrom(input.UserData), vcpus: type.vcpus, group };
}

/**
 * The type, if it exists and runs the image.
 * @throws AwsError InvalidParameterValue
 */
export function requireType(name: string, ami: Ami | undefined, { read }: Pick<Lookup, 'read'>): InstanceTypeFacts {
  const type = findInstanceType(read, name);
  if (!type) throw new AwsError('InvalidParameterValue', `The following supplied instance types do not exist: [${name}]`);
  if (ami && type.architecture !== ami.spec.architecture) {
    throw new AwsError(
      'InvalidParameterValue',
      `The architecture '${type.architecture}' of the specified instance type does not match the architecture '${ami.spec.architecture}' of the specified AMI. ` +
        "Specify an instance type and an AMI that have matching architectures, and try again. You can use 'describe-instance-types' or " +
        "'describe-images' to discover the architecture of the instance type or AMI.",
    );
  }
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

/** Refuses cores and threads other than the type gives. @throws AwsError Unsupported */
export function requireCpuOptions(options: CpuOptionsRequest | undefined, { name, vcpus, threadsPerCore }: InstanceTypeFacts): void {
  if (!options) return;
  const { CoreCount = vcpus / threadsPerCore, ThreadsPerCore = threadsPerCore, AmdSevSnp, NestedVirtualization } = options;
  const isDefault = CoreCount === vcpus / threadsPerCore && ThreadsPerCore === threadsPerCore;
  if (isDefault && AmdSevSnp !== 'enabled' && NestedVirtualization !== 'enabled') return;
  throw new AwsError('Unsupported', `The requested CPU options are not supported. ${name} has ${vcpus / threadsPerCore} cores with ${threadsPerCore} threads each.`);
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

function shutdownBehaviorFor(behavior: string | undefined, { spec }: Ami): 'stop' | 'terminate' {
  if (behavior !== undefined && behavior !== 'stop' && behavior !== 'terminate') {
    throw invalidParameterValue('instanceInitiatedShutdownBehavior', behavior, 'It must be stop or terminate.');
  }
  if (!spec.source.containerDisk) return behavior ?? 'stop';
  if (behavior !== 'stop') return 'terminate';
  throw new AwsError('UnsupportedOperation', "An instance with an 'instance-store' root device cannot be stopped: its shutdown behavior is terminate.");
}

function creditSpecificationFor(credits: string | undefined, type: InstanceTypeFacts): 'standard' | 'unlimited' | undefined {
  if (credits === undefined) return undefined;
  if (credits !== 'standard' && credits !== 'unlimited') throw invalidParameterValue('CpuCredits', credits, 'It must be standard or unlimited.');
  if (type.isBurstable) return credits;
  throw new AwsError('InvalidParameterCombination', `The parameter CreditSpecification is not supported for the instance type ${type.name}.`);
}

/** Fills defaults in and checks what remains, by the very schema that the API server has. Parameters that are undefined count as absent. */
function specFrom(parts: z.input<typeof InstanceDefinition.spec>): InstanceSpec {
  const parsed = InstanceDefinition.spec.safeParse(parts);
  if (parsed.success) return withoutUndefined(parsed.data) as InstanceSpec;
  const [issue] = parsed.error.issues;
  throw new AwsError('InvalidParameterValue', `The value for parameter ${issue?.path.join('.') ?? ''} is invalid. ${issue?.message ?? ''}`.trimEnd());
}

function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUndefined);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).flatMap(([name, inner]) => (inner === undefined ? [] : [[name, withoutUndefined(inner)]])));
}

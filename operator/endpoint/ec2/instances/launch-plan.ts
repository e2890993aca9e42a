import type { CpuOptionsRequest, RunInstancesRequest } from '@aws-sdk/client-ec2';
import type { z } from 'zod';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import { parameterNameOf } from '../../../api/image-parameter.ts';
import { InstanceDefinition, type InstanceSpec } from '../../../api/instance.ts';
import { instanceProfileNameOf } from '../../../api/instance-profile.ts';
import type { Ami } from '../../../kubernetes/resources.ts';
import { AwsError, invalidParameterValue, missingParameter } from '../../errors.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { IdKinds, requireEach, requireOne } from '../ids.ts';
import { keyPairsByName, securityGroupsById, securityGroupsByName, withinNamespace } from '../indexes.ts';
import { requireImageIdOfParameter } from '../images/image-parameters.ts';
import { findVisibleImage, shownImageStateOf } from '../images/visible-images.ts';
import { requestedProfile } from '../instance-profiles/find-profile.ts';
import { findInstanceType, type InstanceTypeFacts } from '../instance-types/instance-type-facts.ts';
import { tagsFromSpecifications } from '../tag-specifications.ts';
import { zonesFrom } from '../zones/zones.ts';
import { blockDeviceMappingsFor } from './launch-devices.ts';
import { groupPlacementFor, otherZone, type GroupPlacement } from './launch-placement.ts';
import { interfaceGroupsOf, requireHonourable } from './launch-refusals.ts';
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
/** What the Instance resource takes. */
const SECURITY_GROUPS_LIMIT = 16;

/**
 * Checks all parameters of a launch and finds what they name; nothing is written.
 * @throws AwsError MissingParameter, InvalidParameterValue, InvalidAMIID.*, InvalidKeyPair.NotFound, InvalidGroup.NotFound, InvalidBlockDeviceMapping,
 *   InvalidUserData.Malformed, TagLimitExceeded and the refusals of launch-refusals.ts
 */
export function launchPlanFor(input: RunInstancesRequest, context: Lookup): LaunchPlan {
  requireHonourable(input);
  const imageId = imageIdFrom(input.ImageId, context);
  const ami = requireAmi(imageId, context);
  const type = requireType(input.InstanceType ?? DEFAULT_INSTANCE_TYPE, ami, context);
  requireKeyPair(input.KeyName, context);
  requireCpuOptions(input.CpuOptions, type);
  const tags = tagsFromSpecifications(input.TagSpecifications, 'instance');
  const devices = blockDeviceMappingsFor(input.BlockDeviceMappings, ami);
  const groups = securityGroupIdsFor(input, context);
  const group = groupPlacementFor(input.Placement, context);
  const profile = requestedProfile(input.IamInstanceProfile, context);
  const spec = specFrom({
    imageId,
    instanceType: type.name,
    keyName: input.KeyName,
    securityGroupIds: groups.length > 0 ? groups : undefined,
    placement: { availabilityZone: zoneFor(input, ami, group, context), groupName: group?.groupName },
    blockDeviceMappings: devices.length > 0 ? devices : undefined,
    instanceInitiatedShutdownBehavior: shutdownBehaviorFor(input.InstanceInitiatedShutdownBehavior, ami),
    disableApiTermination: input.DisableApiTermination,
    disableApiStop: input.DisableApiStop,
    monitoring: input.Monitoring?.Enabled,
    ebsOptimized: input.EbsOptimized,
    creditSpecification: creditSpecificationFor(input.CreditSpecification?.CpuCredits, type),
    metadataOptions: metadataOptionsFor(input.MetadataOptions),
    iamInstanceProfile: profile && instanceProfileNameOf(profile),
    tags: tags.length > 0 ? tags : undefined,
  });
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
  if (!isOwn && !ami.spec.source.containerDisk) {
    throw new AwsError('UnsupportedOperation', `The root volume of the image '${imageId}' of another account cannot be cloned. Copy the image first.`);
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

function securityGroupIdsFor(input: RunInstancesRequest, { read, caller }: Lookup): string[] {
  const ids = (input.SecurityGroupIds ?? interfaceGroupsOf(input) ?? []).filter(Boolean);
  const byId = requireEach(IdKinds.securityGroup, ids, (id) => read.byIndex(securityGroupsById, withinNamespace(caller.namespace, id))[0]);
  const byName = [...new Set(input.SecurityGroups ?? [])].filter(Boolean).map((name) => {
    const group = read.byIndex(securityGroupsByName, withinNamespace(caller.namespace, name))[0];
    if (!group) throw new AwsError(IdKinds.securityGroup.notFoundCode, IdKinds.securityGroup.notFound([name]));
    return group;
  });
  const found = [...new Set([...byId, ...byName].map((group) => ec2IdOf('sg', group)))];
  if (found.length > SECURITY_GROUPS_LIMIT) {
    throw new AwsError('SecurityGroupsPerInstanceLimitExceeded', `The maximum number of security groups per instance is ${SECURITY_GROUPS_LIMIT}.`);
  }
  return found;
}

function zoneFor({ Placement: placement }: RunInstancesRequest, ami: Ami, group: GroupPlacement | undefined, { read, region }: Lookup): string | undefined {
  const { AvailabilityZone: name, AvailabilityZoneId: id } = placement ?? {};
  if (!name && !id) return group?.onlyZone ?? leastAllocatedZone(ami.spec.architecture, read, region, group?.rankOfZone);
  const zones = zonesFrom(read, region).filter((zone) => (!name || zone.name === name) && (!id || zone.id === id));
  const [zone] = zones;
  if (zone && group?.onlyZone !== undefined && group.onlyZone !== zone.name) throw otherZone(group);
  if (zone) return zone.name;
  throw new AwsError('InvalidParameterValue', `Invalid availability zone: [${[name, id].filter(Boolean).join(', ')}]`);
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

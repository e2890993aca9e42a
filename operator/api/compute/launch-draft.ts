import type { InstanceMetadataDefaults } from '../identity/account-settings.ts';
import { invalidParameterValue, missingParameter, Refusal } from '../refusal.ts';
import type { Ami } from './ami.ts';
import { hasEphemeralRoot } from './image-devices.ts';
import { InstanceDefinition, type InstanceSpec } from './instance.ts';
import { launchDevicesFrom, type DeviceFacts } from './launch-devices.ts';
import { interfacesOf, requireHonourable } from './launch-refusals.ts';
import type { LaunchTemplateData } from './launch-template-data.ts';
import { isRefusedFor, launchedMetadataOptions, tokensEnforced } from './launched-metadata-options.ts';

/** EC2's own default. */
export const DEFAULT_INSTANCE_TYPE = 'm1.small';

/** What of an instance type a launch is judged by. */
export interface LaunchType {
  name: string;
  architecture: string;
  vcpus: number;
  threadsPerCore: number;
  isBurstable: boolean;
}

/** What a launch from launch template data names, looked up. */
export interface LaunchFacts extends DeviceFacts {
  ami: Ami;
  type: LaunchType;
  /** Those of the account. */
  metadataDefaults: InstanceMetadataDefaults | undefined;
}

/** What a launch comes to. */
export interface LaunchDraft {
  /** The Instance's spec, defaults filled in. Security groups, subnet, zone, placement group and instance profile are as the data name them. */
  spec: InstanceSpec;
  /** EC2 names of security groups, still to be turned into ids. */
  securityGroupNames: string[];
  /** User data as base64: it goes to a Secret. */
  userDataBase64: string | undefined;
}

/**
 * The Instance that launch template data make. RunInstances and the controller of Auto Scaling groups both launch by it, so that a group launches exactly
 * what RunInstances would; who may use what the data name, and where the machine goes, is another question. Pure but for the facts.
 * @throws Refusal MissingParameter, InvalidParameterValue, InvalidParameterCombination, InvalidBlockDeviceMapping, UnsupportedOperation, Unsupported; and what
 *   the facts refuse
 */
export function launchDraftFrom(data: LaunchTemplateData, facts: LaunchFacts): LaunchDraft {
  const { ami, type, metadataDefaults } = facts;
  requireHonourable(data);
  if (!data.imageId) throw missingParameter('ImageId');
  requireArchitecture(type, ami);
  requireCpuOptions(data['cpuOptions'] as CpuOptions | undefined, type);
  const [card] = interfacesOf(data);
  const groups = [...(data.securityGroupIds ?? []), ...((card?.['groups'] as string[] | undefined) ?? [])].filter(Boolean);
  const devices = launchDevicesFrom(data.blockDeviceMappings, ami, facts);
  const { placement } = data;
  const parts: Record<string, unknown> = {
    imageId: data.imageId,
    instanceType: type.name,
    keyName: filled(data.keyName),
    securityGroupIds: groups.length > 0 ? [...new Set(groups)] : undefined,
    subnetId: filled(data['subnetId']) ?? filled(card?.['subnetId']),
    networkInterface: interfaceOf(data),
    placement: placement && {
      availabilityZone: filled(placement.availabilityZone),
      groupName: filled(placement.groupName),
      partitionNumber: placement.partitionNumber,
      tenancy: filled(placement.tenancy),
    },
    blockDeviceMappings: devices.length > 0 ? devices : undefined,
    instanceInitiatedShutdownBehavior: shutdownBehaviorFor(filled(data.instanceInitiatedShutdownBehavior), ami),
    disableApiTermination: data.disableApiTermination,
    disableApiStop: data.disableApiStop,
    monitoring: data.monitoring?.enabled,
    ebsOptimized: data.ebsOptimized,
    creditSpecification: creditSpecificationFor(filled(data.creditSpecification?.cpuCredits), type),
    metadataOptions: launchedMetadataOptions(data.metadataOptions && withoutEmpty(data.metadataOptions), metadataDefaults),
    iamInstanceProfile: filled(data.iamInstanceProfile?.name) ?? filled(data.iamInstanceProfile?.arn),
    tags: tagsOf(data, 'instance'),
    volumeTags: tagsOf(data, 'volume'),
  };
  const spec = specFrom(parts);
  if (isRefusedFor(spec.metadataOptions, metadataDefaults)) throw tokensEnforced("You can't launch instances with");
  return {
    spec,
    securityGroupNames: [...new Set(data.securityGroups ?? [])].filter(Boolean),
    userDataBase64: filled(data.userDataBase64) ?? (data.userData ? encoded(data.userData) : undefined),
  };
}

/** Refuses a type that does not run the image. @throws Refusal InvalidParameterValue */
export function requireArchitecture(type: Pick<LaunchType, 'architecture'>, ami: Ami): void {
  if (type.architecture === ami.spec.architecture) return;
  throw new Refusal(
    'InvalidParameterValue',
    `The architecture '${type.architecture}' of the specified instance type does not match the architecture '${ami.spec.architecture}' of the specified AMI. ` +
      "Specify an instance type and an AMI that have matching architectures, and try again. You can use 'describe-instance-types' or " +
      "'describe-images' to discover the architecture of the instance type or AMI.",
  );
}

/** Cores and threads as a request names them. */
export interface CpuOptions {
  coreCount?: number | undefined;
  threadsPerCore?: number | undefined;
  amdSevSnp?: string | undefined;
  nestedVirtualization?: string | undefined;
}

/** Refuses cores and threads other than the type gives. @throws Refusal Unsupported */
export function requireCpuOptions(options: CpuOptions | undefined, { name, vcpus, threadsPerCore }: LaunchType): void {
  if (!options) return;
  const { coreCount = vcpus / threadsPerCore, threadsPerCore: threads = threadsPerCore, amdSevSnp, nestedVirtualization } = options;
  const isDefault = coreCount === vcpus / threadsPerCore && threads === threadsPerCore;
  if (isDefault && amdSevSnp !== 'enabled' && nestedVirtualization !== 'enabled') return;
  const given = `${name} has ${vcpus / threadsPerCore} cores with ${threadsPerCore} threads each.`;
  throw new Refusal('Unsupported', `The requested CPU options are not supported. ${given}`);
}

function shutdownBehaviorFor(behavior: string | undefined, ami: Ami): 'stop' | 'terminate' {
  if (behavior !== undefined && behavior !== 'stop' && behavior !== 'terminate') {
    throw invalidParameterValue('instanceInitiatedShutdownBehavior', behavior, 'It must be stop or terminate.');
  }
  if (!hasEphemeralRoot(ami)) return behavior ?? 'stop';
  if (behavior !== 'stop') return 'terminate';
  throw new Refusal('UnsupportedOperation', "An instance with an 'instance-store' root device cannot be stopped: its shutdown behavior is terminate.");
}

function creditSpecificationFor(credits: string | undefined, type: LaunchType): 'standard' | 'unlimited' | undefined {
  if (credits === undefined) return undefined;
  if (credits !== 'standard' && credits !== 'unlimited') throw invalidParameterValue('CpuCredits', credits, 'It must be standard or unlimited.');
  if (type.isBurstable) return credits;
  throw new Refusal('InvalidParameterCombination', `The parameter CreditSpecification is not supported for the instance type ${type.name}.`);
}

/** What is said of the instance's own interface, its tags included; nothing of one that is there already. */
function interfaceOf(data: LaunchTemplateData): object | undefined {
  const [{ description, associatePublicIpAddress, networkInterfaceId } = {}] = interfacesOf(data);
  if (filled(networkInterfaceId) !== undefined) return undefined;
  const tags = tagsOf(data, 'network-interface');
  const parts = { description: filled(description), ...(associatePublicIpAddress === true && { associatePublicIpAddress }), tags };
  return Object.values(parts).some((part) => part !== undefined) ? withoutEmpty(parts) : undefined;
}

function tagsOf({ tagSpecifications }: LaunchTemplateData, type: string): { key: string; value: string }[] | undefined {
  const tags = tagSpecifications?.find(({ resourceType }) => resourceType === type)?.tags ?? [];
  return tags.length > 0 ? tags.map(({ key, value = '' }) => ({ key, value })) : undefined;
}

/** Fills defaults in and checks what remains, by the very schema that the API server has. Parameters that are undefined count as absent. */
function specFrom(parts: Record<string, unknown>): InstanceSpec {
  const parsed = InstanceDefinition.spec.safeParse(parts);
  if (parsed.success) return withoutUndefined(parsed.data) as InstanceSpec;
  const [issue] = parsed.error.issues;
  throw new Refusal('InvalidParameterValue', `The value for parameter ${issue?.path.join('.') ?? ''} is invalid. ${issue?.message ?? ''}`.trimEnd());
}

function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUndefined);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).flatMap(([name, inner]) => (inner === undefined ? [] : [[name, withoutUndefined(inner)]])));
}

function filled(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function withoutEmpty(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined && inner !== ''));
}

function encoded(text: string): string {
  return btoa(String.fromCodePoint(...new TextEncoder().encode(text)));
}

import { InstanceDefinition, type InstanceSpec } from './instance.ts';
import type { InstanceMetadataDefaults } from '../identity/account-settings.ts';
import { isRefusedFor, launchedMetadataOptions } from './launched-metadata-options.ts';
import type { LaunchTemplateData } from './launch-template-data.ts';

/** EC2's own default. */
export const DEFAULT_INSTANCE_TYPE = 'm1.small';

/** What a launch from launch template data comes to. */
export interface InstanceDraft {
  /** The Instance's spec, defaults filled in. */
  spec: InstanceSpec;
  /** EC2 names of security groups, still to be turned into ids. */
  securityGroupNames: string[];
  /** User data as base64: it goes to a Secret. */
  userDataBase64: string | undefined;
}

/** Members that become fields of an Instance, or that say nothing an Instance could be different by. */
const HONOURED = new Set([
  'imageId', 'instanceType', 'keyName', 'securityGroupIds', 'securityGroups', 'placement', 'userData', 'userDataBase64', 'blockDeviceMappings',
  'instanceInitiatedShutdownBehavior', 'disableApiTermination', 'iamInstanceProfile', 'disableApiStop', 'ebsOptimized', 'monitoring', 'creditSpecification', 'metadataOptions',
  'tagSpecifications', 'networkInterfaces',
]);
const HONOURED_OF_INTERFACE = new Set(['deviceIndex', 'networkCardIndex', 'groups', 'subnetId', 'deleteOnTermination', 'description', 'associatePublicIpAddress', 'interfaceType']);
const HONOURED_OF_PLACEMENT = new Set(['availabilityZone', 'groupName', 'partitionNumber', 'tenancy']);
/** Values by which a parameter asks for what happens anyway. */
const IDLE_VALUES: readonly unknown[] = ['', false, 'default', 'none', 'disabled', 'open', 'resource-name', 0];

/**
 * The Instance that launch template data make, for whoever launches without going through RunInstances; or what cannot be honoured, as a sentence.
 * `metadataDefaults` are the account's. Nothing that is asked for is dropped silently. Whether what the data name exists is another question. Pure.
 */
export function instanceDraftFrom(data: LaunchTemplateData, metadataDefaults?: InstanceMetadataDefaults): InstanceDraft | { problem: string } {
  const problem = problemOf(data);
  if (problem !== undefined) return { problem };
  const [networkInterface] = interfacesOf(data);
  const groups = [...(data.securityGroupIds ?? []), ...((networkInterface?.['groups'] as string[] | undefined) ?? [])].filter(Boolean);
  const subnetId = networkInterface?.['subnetId'];
  const { placement } = data;
  const tags = data.tagSpecifications?.find(({ resourceType }) => resourceType === 'instance')?.tags ?? [];
  const parts: Record<string, unknown> = {
    imageId: data.imageId,
    instanceType: data.instanceType ?? DEFAULT_INSTANCE_TYPE,
    keyName: filled(data.keyName),
    securityGroupIds: groups.length > 0 ? [...new Set(groups)] : undefined,
    subnetId: filled(subnetId),
    networkInterface: interfaceOf(data),
    placement: placement && {
      availabilityZone: filled(placement.availabilityZone),
      groupName: filled(placement.groupName),
      partitionNumber: placement.partitionNumber,
      tenancy: filled(placement.tenancy),
    },
    blockDeviceMappings: devicesOf(data),
    instanceInitiatedShutdownBehavior: filled(data.instanceInitiatedShutdownBehavior),
    disableApiTermination: data.disableApiTermination,
    disableApiStop: data.disableApiStop,
    monitoring: data.monitoring?.enabled,
    ebsOptimized: data.ebsOptimized,
    creditSpecification: filled(data.creditSpecification?.cpuCredits),
    metadataOptions: launchedMetadataOptions(data.metadataOptions && withoutEmpty(data.metadataOptions), metadataDefaults),
    iamInstanceProfile: filled(data.iamInstanceProfile?.name) ?? filled(data.iamInstanceProfile?.arn),
    tags: tags.length > 0 ? tags : undefined,
  };
  const parsed = InstanceDefinition.spec.safeParse(withoutEmpty(parts));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return { problem: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not valid'}` };
  }
  if (isRefusedFor(parsed.data.metadataOptions, metadataDefaults)) {
    return { problem: 'it asks for metadata without tokens, and the account enforces them (httpTokensEnforced)' };
  }
  return {
    spec: parsed.data,
    securityGroupNames: (data.securityGroups ?? []).filter(Boolean),
    userDataBase64: filled(data.userDataBase64) ?? (data.userData ? encoded(data.userData) : undefined),
  };
}

function problemOf(data: LaunchTemplateData): string | undefined {
  if (!data.imageId) return 'it names no imageId';
  if (data.imageId.startsWith('resolve:ssm:')) return `imageId ${data.imageId} cannot be resolved; name the AMI`;
  const strange = strangeMember(data, HONOURED) ?? strangeMember(data.placement ?? {}, HONOURED_OF_PLACEMENT);
  if (strange !== undefined) return `${strange} is not supported`;
  const interfaces = interfacesOf(data);
  if (interfaces.length > 1) return 'more than one network interface is not supported';
  const strangeOfInterface = strangeMember(interfaces[0] ?? {}, HONOURED_OF_INTERFACE);
  if (strangeOfInterface !== undefined) return `networkInterfaces: ${strangeOfInterface} is not supported`;
  if (interfaces[0]?.['deleteOnTermination'] === false) return 'networkInterfaces: keeping the interface after termination is not supported';
  return undefined;
}

function strangeMember(value: object, known: ReadonlySet<string>): string | undefined {
  return Object.entries(value).find(([name, inner]) => !known.has(name) && !isIdle(inner))?.[0];
}

/** Whether a value asks for nothing, or for what happens anyway. */
function isIdle(value: unknown): boolean {
  if (value === undefined || value === null || IDLE_VALUES.includes(value)) return true;
  if (Array.isArray(value)) return value.every(isIdle);
  return typeof value === 'object' && Object.values(value).every(isIdle);
}

function interfacesOf(data: LaunchTemplateData): Record<string, unknown>[] {
  return (data['networkInterfaces'] as Record<string, unknown>[] | undefined) ?? [];
}

/** What is said of the instance's own interface, its tags included. */
function interfaceOf(data: LaunchTemplateData): object | undefined {
  const [{ description, associatePublicIpAddress } = {}] = interfacesOf(data);
  const tags = data.tagSpecifications?.find(({ resourceType }) => resourceType === 'network-interface')?.tags ?? [];
  const parts = { description: filled(description), ...(associatePublicIpAddress === true && { associatePublicIpAddress }), ...(tags.length > 0 && { tags }) };
  return Object.values(parts).some((part) => part !== undefined) ? withoutEmpty(parts) : undefined;
}

function devicesOf({ blockDeviceMappings }: LaunchTemplateData): unknown {
  const mappings = (blockDeviceMappings ?? []).map(({ deviceName, virtualName, noDevice, ebs }) => {
    if (noDevice !== undefined) return { deviceName, noDevice: true };
    return virtualName ? { deviceName, virtualName } : { deviceName, ebs: withoutEmpty(ebs ?? {}) };
  });
  return mappings.length > 0 ? mappings : undefined;
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

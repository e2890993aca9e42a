import { z } from 'zod';
import { InstanceType, UserData } from './instance.ts';
import { openObject } from '../open-object.ts';
import { Reference, Tag } from '../shared.ts';

/** Base64 of 16 KB. */
const USER_DATA_BASE64_LIMIT = 22000;

const BlockDevice = openObject({
  deviceName: z.string().max(64).optional().describe('Device name, such as /dev/xvda or /dev/sdf.'),
  virtualName: z.string().max(64).optional().describe('Instance store volume: ephemeral0 to ephemeral23.'),
  noDevice: z.string().max(64).optional().describe('Leaves out the device that the image maps under this name; an empty text will do.'),
  ebs: openObject({
    volumeSize: z.int().optional().describe('Size in GiB.'),
    volumeType: z.string().max(64).optional().describe('EC2 volume type.'),
    iops: z.int().optional().describe('Provisioned IOPS.'),
    throughput: z.int().optional().describe('Throughput in MiB/s.'),
    encrypted: z.boolean().optional().describe('Whether the volume must be encrypted.'),
    kmsKeyId: z.string().max(2048).optional().describe('Key for the encryption.'),
    snapshotId: z.string().max(253).optional().describe('Snapshot to make the volume from.'),
    deleteOnTermination: z.boolean().optional().describe('Whether the volume goes with the instance.'),
  })
    .optional()
    .describe('EBS-like volume to attach under this name.'),
});

/**
 * What an instance of a template is made of: EC2's RequestLaunchTemplateData with names in camelCase, every one optional and none with a default, so
 * that a template shows exactly what was put in. Named here is what a launch honours; other parameters of EC2 are kept as they are.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RequestLaunchTemplateData.html
 */
export const LaunchTemplateData = openObject({
  imageId: Reference.optional().describe('AMI to boot, by id (ami-...).'),
  instanceType: InstanceType.optional(),
  keyName: z.string().max(255).optional().describe('Key pair whose public key the guest gets.'),
  securityGroupIds: z.array(z.string().max(255)).max(64).optional().describe('Security groups, by id (sg-...).'),
  securityGroups: z.array(z.string().max(255)).max(64).optional().describe('Security groups, by name.'),
  placement: openObject({
    availabilityZone: z.string().max(63).optional().describe("Zone, a value of the nodes' label topology.kubernetes.io/zone."),
    groupName: z.string().max(255).optional().describe('Placement group.'),
    partitionNumber: z.int().optional().describe('Partition of a partition placement group.'),
    tenancy: z.string().max(64).optional().describe('Only default is honoured.'),
  })
    .optional()
    .describe('Where instances run.'),
  userData: UserData.optional(),
  userDataBase64: z.string().max(USER_DATA_BASE64_LIMIT).optional().describe('User data as EC2 takes it, base64. Everyone who may read the template can read it, as on EC2.'),
  blockDeviceMappings: z.array(BlockDevice).max(64).optional().describe("Changes to the AMI's devices."),
  instanceInitiatedShutdownBehavior: z.string().max(64).optional().describe('What a power-off from within the guest does: stop or terminate.'),
  disableApiTermination: z.boolean().optional().describe('Termination protection.'),
  disableApiStop: z.boolean().optional().describe('Stop protection.'),
  ebsOptimized: z.boolean().optional().describe('Recorded.'),
  monitoring: openObject({ enabled: z.boolean().optional().describe('Whether detailed monitoring is on.') }).optional().describe('Detailed monitoring. Recorded.'),
  creditSpecification: openObject({ cpuCredits: z.string().max(64).optional().describe('standard or unlimited.') }).optional().describe('CPU credits of burstable types.'),
  iamInstanceProfile: openObject({
    name: z.string().max(128).optional().describe('Name in IAM.'),
    arn: z.string().max(1024).optional().describe('ARN, instead of the name.'),
  })
    .optional()
    .describe('Instance profile.'),
  metadataOptions: openObject({
    httpTokens: z.string().max(64).optional().describe('optional or required.'),
    httpEndpoint: z.string().max(64).optional().describe('enabled or disabled.'),
    httpPutResponseHopLimit: z.int().optional().describe('Hop limit of the token answer, 1 to 64.'),
    httpProtocolIpv6: z.string().max(64).optional().describe('enabled or disabled.'),
    instanceMetadataTags: z.string().max(64).optional().describe('enabled or disabled.'),
  })
    .optional()
    .describe('Options of the instance metadata service.'),
  tagSpecifications: z
    .array(
      openObject({
        resourceType: z.string().max(64).optional().describe('instance, for the tags of the instances.'),
        tags: z.array(Tag).max(60).optional().describe('Tags of resources of this type.'),
      }),
    )
    .max(16)
    .optional()
    .describe('Tags of what is launched, by type of resource.'),
}).meta({
  'x-kubernetes-validations': [{ rule: '!(has(self.userData) && has(self.userDataBase64))', message: 'set userData or userDataBase64, not both', fieldPath: '.userData' }],
});
export type LaunchTemplateData = z.infer<typeof LaunchTemplateData>;

type Structure = Readonly<Record<string, unknown>>;

/** Members of which only one can count: what an override says of one of them makes the others void. */
const ALTERNATIVES: readonly (readonly string[])[] = [
  ['userData', 'userDataBase64'],
  ['securityGroupIds', 'securityGroups'],
];
const PLACEMENT_ALTERNATIVES: readonly (readonly string[])[] = [
  ['groupName', 'groupId'],
  ['availabilityZone', 'availabilityZoneId'],
];

/**
 * What a launch from a template comes to: parameters of the launch take the place of the template's; placement and metadata options do so by member,
 * devices by name, tags by resource type and key. Pure. An empty text or list says nothing, as in EC2's requests.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/launch-instances-from-launch-template.html
 */
export function mergedLaunchTemplateData(template: LaunchTemplateData, overrides: LaunchTemplateData): LaunchTemplateData {
  const merged: Record<string, unknown> = { ...overridden(template, overrides, ALTERNATIVES) };
  if (template.placement && overrides.placement) merged['placement'] = overridden(template.placement, overrides.placement, PLACEMENT_ALTERNATIVES);
  if (template.metadataOptions && overrides.metadataOptions) merged['metadataOptions'] = overridden(template.metadataOptions, overrides.metadataOptions, []);
  if (template.blockDeviceMappings && overrides.blockDeviceMappings) {
    merged['blockDeviceMappings'] = mergedByKey(template.blockDeviceMappings, overrides.blockDeviceMappings, deviceKeyOf, (_, device) => device);
  }
  if (template.tagSpecifications && overrides.tagSpecifications) {
    merged['tagSpecifications'] = mergedByKey(template.tagSpecifications, overrides.tagSpecifications, ({ resourceType = '' }) => resourceType, withTagsOf);
  }
  return merged;
}

type BlockDevice = z.infer<typeof BlockDevice>;
type TagSpecification = NonNullable<LaunchTemplateData['tagSpecifications']>[number];

function deviceKeyOf({ deviceName = '' }: BlockDevice): string {
  return deviceName.replace(/^\/dev\//, '');
}

function withTagsOf(template: TagSpecification, override: TagSpecification): TagSpecification {
  return { ...template, ...override, tags: mergedByKey(template.tags ?? [], override.tags ?? [], ({ key }) => key, (_, tag) => tag) };
}

function overridden(template: Structure, overrides: Structure, alternatives: readonly (readonly string[])[]): Structure {
  const said = Object.fromEntries(Object.entries(overrides).filter(([, value]) => !isEmpty(value)));
  const isVoid = (name: string): boolean => alternatives.some((names) => names.includes(name) && names.some((other) => other in said));
  return { ...Object.fromEntries(Object.entries(template).filter(([name]) => !isVoid(name))), ...said };
}

/** Nothing at all, or a structure of nothing: Terraform sends a placement whose every member is empty. */
function isEmpty(value: unknown): boolean {
  if (value === undefined || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  if (typeof value !== 'object' || value === null || value instanceof Date) return false;
  return Object.keys(value).length > 0 && Object.values(value).every(isEmpty);
}

function mergedByKey<T>(template: readonly T[], overrides: readonly T[], keyOf: (item: T) => string, merge: (template: T, override: T) => T): T[] {
  const overridesByKey = new Map(overrides.map((item) => [keyOf(item), item]));
  const known = new Set(template.map(keyOf));
  const kept = template.map((item) => {
    const override = overridesByKey.get(keyOf(item));
    return override === undefined ? item : merge(item, override);
  });
  return [...kept, ...overrides.filter((item) => !known.has(keyOf(item)))];
}

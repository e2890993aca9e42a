import { z } from 'zod';
import { BlockDeviceMappings } from './block-device-mapping.ts';
import { defineCustomResource, type CustomResource } from './custom-resource.ts';
import { InstanceType, MetadataOptions, Placement, UserData } from './instance.ts';
import { Conditions, Reference, Tags } from './shared.ts';

/** Condition types of a LaunchTemplate. */
export const LaunchTemplateConditions = {
  /** A controller has taken note of the current spec. */
  reconciled: 'Reconciled',
} as const;

/** Versions that one template may hold: 16 KB of user data in each must fit into one object of the API server. */
const VERSIONS_LIMIT = 64;

/** What an instance of the template is made of: the fields of an Instance's spec, every one of them optional as in EC2. */
const LaunchTemplateData = z.object({
  imageId: Reference.optional().describe('AMI to boot, by name or id (ami-...).'),
  instanceType: InstanceType.optional(),
  keyName: z.string().min(1).max(255).optional().describe('Key pair whose public key the guest gets.'),
  securityGroupIds: z.array(Reference).max(16).optional().meta({ 'x-kubernetes-list-type': 'set' }).describe('Security groups, by name or id (sg-...).'),
  placement: Placement.optional(),
  userData: UserData.optional(),
  blockDeviceMappings: BlockDeviceMappings.optional().describe("Changes to the AMI's devices."),
  instanceInitiatedShutdownBehavior: z.enum(['stop', 'terminate']).optional().describe('What a power-off from within the guest does.'),
  disableApiTermination: z.boolean().optional().describe('Termination protection.'),
  disableApiStop: z.boolean().optional().describe('Stop protection.'),
  metadataOptions: MetadataOptions.optional(),
  tags: Tags.optional().describe('Tags of the instances.'),
});
export type LaunchTemplateData = z.infer<typeof LaunchTemplateData>;

const Version = z
  .object({
    versionNumber: z.int().min(1).describe('Number of the version.'),
    versionDescription: z.string().max(255).optional().describe('What changed.'),
    createTime: z.iso.datetime().optional().describe('When it was made; by default when the template was.'),
    launchTemplateData: LaunchTemplateData.describe('What an instance of this version is made of.'),
  })
  .meta({ 'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: 'a version cannot be changed; add a new one' }] });

const LaunchTemplateSpec = z.object({
  launchTemplateName: z
    .string()
    .min(3)
    .max(128)
    .regex(/^[a-zA-Z0-9().\-/_]+$/, 'launchTemplateName may have letters, digits and ( ) . - / _')
    .optional()
    .describe('Name of the template in EC2, unique in the account. By default the name of the resource.')
    .meta({ 'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: 'launchTemplateName cannot be changed; make a new LaunchTemplate' }] }),
  defaultVersion: z.int().min(1).default(1).describe('Version that $Default stands for.'),
  versions: z
    .array(Version)
    .min(1)
    .max(VERSIONS_LIMIT)
    .meta({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['versionNumber'] })
    .describe('Versions; the one with the highest number is $Latest.'),
  tags: Tags.optional(),
});
export type LaunchTemplateSpec = z.infer<typeof LaunchTemplateSpec>;

const LaunchTemplateStatus = z.object({
  launchTemplateId: z.string().optional().describe('EC2 id, lt-...'),
  latestVersionNumber: z.int().optional().describe('Highest version number that ever was.'),
  observedGeneration: z.int().optional().describe('metadata.generation that this status was computed from.'),
  conditions: Conditions.optional(),
});
export type LaunchTemplateStatus = z.infer<typeof LaunchTemplateStatus>;
export type LaunchTemplate = CustomResource<LaunchTemplateSpec, LaunchTemplateStatus>;

/** LaunchTemplate: what instances are made of, in versions that never change. */
export const LaunchTemplateDefinition = defineCustomResource({
  kind: 'LaunchTemplate',
  plural: 'launchtemplates',
  shortNames: ['lt'],
  namespaced: true,
  description: 'A launch template as EC2 has it: what instances are made of, in versions that never change.',
  spec: LaunchTemplateSpec,
  status: LaunchTemplateStatus,
  printerColumns: [
    { name: 'Id', type: 'string', path: '.status.launchTemplateId' },
    { name: 'Default', type: 'integer', path: '.spec.defaultVersion' },
    { name: 'Latest', type: 'integer', path: '.status.latestVersionNumber' },
    { name: 'Age', type: 'date', path: '.metadata.creationTimestamp' },
  ],
  specRules: [
    {
      rule: 'self.versions.exists(version, version.versionNumber == self.defaultVersion)',
      message: 'defaultVersion must be the versionNumber of one of versions',
      fieldPath: '.defaultVersion',
    },
    {
      rule: 'has(self.launchTemplateName) == has(oldSelf.launchTemplateName)',
      message: 'launchTemplateName cannot be added or removed; make a new LaunchTemplate',
      fieldPath: '.launchTemplateName',
    },
  ],
});

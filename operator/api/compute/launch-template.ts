import { z } from 'zod';
import { defineCustomResource, type CustomResource } from '../custom-resource.ts';
import { LaunchTemplateData } from './launch-template-data.ts';
import { Conditions, Tags } from '../shared.ts';

/** Condition types of a LaunchTemplate. */
export const LaunchTemplateConditions = {
  /** Instances can be launched from it by its name. */
  ready: 'Ready',
} as const;

/** Versions that one template may hold; all of them must fit into one object of the API server, which takes about 1.5 MB. */
export const LAUNCH_TEMPLATE_VERSIONS_LIMIT = 500;
/** Characters of a name; it has 3 to 128 of them. */
export const LAUNCH_TEMPLATE_NAME_PATTERN = /^[a-zA-Z0-9().\-/_]+$/;

/** Where a template or version made through the API came from. */
const Request = z
  .object({
    clientToken: z.string().max(128).optional().describe('Idempotency token of the call.'),
    parametersHash: z.string().max(64).optional().describe('Digest of the parameters of the call, to refuse the same token with others.'),
  })
  .describe('The call that made it.');

const Version = z
  .object({
    versionNumber: z.int().min(1).describe('Number of the version.'),
    versionDescription: z.string().max(255).optional().describe('What changed.'),
    createTime: z.iso.datetime().optional().describe('When it was made; by default when the template was.'),
    createdBy: z.string().max(2048).optional().describe('ARN of who made it through the API.'),
    request: Request.optional(),
    launchTemplateData: LaunchTemplateData.describe(
      "What an instance of this version is made of: EC2's launch template data with names in camelCase. Parameters that are not listed are kept too; a launch that cannot honour one is refused.",
    ),
  })
  .meta({ 'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: 'a version cannot be changed; add a new one' }] });
export type LaunchTemplateVersion = z.infer<typeof Version>;

const LaunchTemplateSpec = z.object({
  launchTemplateName: z
    .string()
    .min(3)
    .max(128)
    .regex(LAUNCH_TEMPLATE_NAME_PATTERN, 'launchTemplateName may have letters, digits and ( ) . - / _')
    .optional()
    .describe('Name of the template in EC2, unique in the account. By default the name of the resource.')
    .meta({ 'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: 'launchTemplateName cannot be changed; make a new LaunchTemplate' }] }),
  defaultVersion: z.int().min(1).default(1).describe('Version that $Default stands for.'),
  highestVersionNumber: z
    .int()
    .min(1)
    .optional()
    .describe('Highest number that the API has given to a version, also one that is deleted by now: numbers are never used again.')
    .meta({ 'x-kubernetes-validations': [{ rule: 'self >= oldSelf', message: 'highestVersionNumber cannot become smaller' }] }),
  versions: z
    .array(Version)
    .min(1)
    .max(LAUNCH_TEMPLATE_VERSIONS_LIMIT)
    .meta({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['versionNumber'] })
    .describe('Versions; the one with the highest number is $Latest.'),
  createdBy: z.string().max(2048).optional().describe('ARN of who made the template through the API.'),
  request: Request.optional(),
  tags: Tags.optional(),
});
export type LaunchTemplateSpec = z.infer<typeof LaunchTemplateSpec>;

const LaunchTemplateStatus = z.object({
  launchTemplateId: z.string().optional().describe('EC2 id, lt-...'),
  launchTemplateName: z.string().optional().describe('Name of the template in EC2.'),
  latestVersionNumber: z.int().optional().describe('Number of the version that $Latest stands for.'),
  highestVersionNumber: z.int().optional().describe('Highest version number that ever was seen; new versions through the API get higher ones.'),
  observedGeneration: z.int().optional().describe('metadata.generation that this status was computed from.'),
  conditions: Conditions.optional(),
});
export type LaunchTemplateStatus = z.infer<typeof LaunchTemplateStatus>;
export type LaunchTemplate = CustomResource<LaunchTemplateSpec, LaunchTemplateStatus>;

/** Name of a template as EC2 shows it. */
export function launchTemplateNameOf({ metadata, spec }: LaunchTemplate): string {
  return spec.launchTemplateName ?? metadata.name;
}

/** The version with the highest number. There always is one. */
export function latestVersionOf({ spec }: LaunchTemplate): LaunchTemplateVersion {
  return spec.versions.reduce((latest, version) => (version.versionNumber > latest.versionNumber ? version : latest));
}

/** The version that a reference stands for: `$Latest`, `$Default` (also for an empty text) or a number; undefined if there is none. */
export function launchTemplateVersionOf(template: LaunchTemplate, reference: string): LaunchTemplateVersion | undefined {
  if (reference === '$Latest') return latestVersionOf(template);
  const number = reference === '$Default' || reference === '' ? template.spec.defaultVersion : /^[0-9]{1,15}$/.test(reference) ? Number(reference) : undefined;
  return template.spec.versions.find(({ versionNumber }) => versionNumber === number);
}

/** Highest version number that is known to have been, for the next to be higher. */
export function highestVersionNumberOf(template: LaunchTemplate): number {
  return Math.max(template.spec.highestVersionNumber ?? 0, template.status?.highestVersionNumber ?? 0, latestVersionOf(template).versionNumber);
}

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
    { name: 'Template', type: 'string', path: '.status.launchTemplateName' },
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
    {
      rule: '!has(oldSelf.highestVersionNumber) || has(self.highestVersionNumber)',
      message: 'highestVersionNumber cannot be removed',
      fieldPath: '.highestVersionNumber',
    },
  ],
});

import { z } from 'zod';
import { defineCustomResource, type CustomResource } from '../custom-resource.ts';
import { EntityName, EntityPath } from './iam-identity.ts';
import { Tags } from '../shared.ts';

/** How an instance names its profile. */
export const InstanceProfileReference = z
  .string()
  .max(1024)
  .regex(/^([A-Za-z0-9_+=,.@-]{1,128}|arn:aws:iam::[0-9]{12}:instance-profile\/[!-~]+)$/, 'iamInstanceProfile must be the name of an instance profile, or its ARN');

const InstanceProfileSpec = z.object({
  instanceProfileName: EntityName.optional()
    .describe('Name of the instance profile in IAM. By default the name of the resource.')
    .meta({ 'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: 'instanceProfileName cannot be changed; make a new InstanceProfile' }] }),
  path: EntityPath,
  roleName: EntityName.max(64).optional().describe('The one role in it, by its name in IAM.'),
  tags: Tags.optional(),
});
export type InstanceProfileSpec = z.infer<typeof InstanceProfileSpec>;

const InstanceProfileStatus = z.object({ observedGeneration: z.int().optional() });
export type InstanceProfile = CustomResource<InstanceProfileSpec, z.infer<typeof InstanceProfileStatus>>;

/** InstanceProfile: a role under the name that instances are given it by. */
export const InstanceProfileDefinition = defineCustomResource({
  kind: 'InstanceProfile',
  plural: 'instanceprofiles',
  shortNames: ['iprof'],
  namespaced: true,
  description: 'A role under the name that instances are given it by. Instances get no credentials from it yet.',
  spec: InstanceProfileSpec,
  status: InstanceProfileStatus,
  printerColumns: [
    { name: 'Profile-Name', type: 'string', path: '.spec.instanceProfileName' },
    { name: 'Role', type: 'string', path: '.spec.roleName' },
    { name: 'Age', type: 'date', path: '.metadata.creationTimestamp' },
  ],
});

/** Name of the instance profile in IAM. Pure. */
export function instanceProfileNameOf({ spec, metadata }: InstanceProfile): string {
  return spec.instanceProfileName ?? metadata.name;
}

/** ARN of the instance profile. Pure. */
export function instanceProfileArnOf(profile: InstanceProfile, accountId: string): string {
  return `arn:aws:iam::${accountId}:instance-profile${profile.spec.path}${instanceProfileNameOf(profile)}`;
}

/** Key to look a profile up by: names are the same to IAM in upper and lower case. Takes a name or an ARN, whose last part is the name. Pure. */
export function instanceProfileKeyFrom(reference: string): string {
  return reference.slice(reference.lastIndexOf('/') + 1).toLowerCase();
}

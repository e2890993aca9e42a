import { z } from 'zod';
import { defineCustomResource, type CustomResource } from '../custom-resource.ts';
import { LaunchTemplateData } from '../compute/launch-template-data.ts';
import { Conditions } from '../shared.ts';

/** Condition types of a LaunchConfiguration. */
export const LaunchConfigurationConditions = {
  /** A controller has taken note of it. */
  reconciled: 'Reconciled',
} as const;

const LaunchConfigurationSpec = z
  .object({
    launchConfigurationName: z.string().min(1).max(255).optional().describe('Name in Auto Scaling, unique in the account. By default the name of the resource.'),
    launchTemplateData: LaunchTemplateData.describe('What an instance is made of, in the terms of launch templates.'),
    request: z.looseObject({}).meta({ 'x-kubernetes-preserve-unknown-fields': true }).optional().describe('Parameters of CreateLaunchConfiguration in camelCase, as DescribeLaunchConfigurations shows them.'),
  })
  .meta({ 'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: 'a launch configuration cannot be changed; make a new one' }] });
export type LaunchConfigurationSpec = z.infer<typeof LaunchConfigurationSpec>;

const LaunchConfigurationStatus = z.object({
  launchConfigurationName: z.string().optional().describe('Name in Auto Scaling.'),
  observedGeneration: z.int().optional().describe('metadata.generation that this status was computed from.'),
  conditions: Conditions.optional(),
});
export type LaunchConfigurationStatus = z.infer<typeof LaunchConfigurationStatus>;
export type LaunchConfiguration = CustomResource<LaunchConfigurationSpec, LaunchConfigurationStatus>;

/** Name of a launch configuration as Auto Scaling shows it. */
export function launchConfigurationNameOf({ metadata, spec }: LaunchConfiguration): string {
  return spec.launchConfigurationName ?? metadata.name;
}

/** LaunchConfiguration: the predecessor of launch templates, for clients that still use it. */
export const LaunchConfigurationDefinition = defineCustomResource({
  kind: 'LaunchConfiguration',
  plural: 'launchconfigurations',
  shortNames: ['lc'],
  namespaced: true,
  description: 'A launch configuration as Auto Scaling has it: what instances of a group are made of. Launch templates can do more.',
  spec: LaunchConfigurationSpec,
  status: LaunchConfigurationStatus,
  printerColumns: [
    { name: 'Type', type: 'string', path: '.spec.launchTemplateData.instanceType' },
    { name: 'AMI', type: 'string', path: '.spec.launchTemplateData.imageId' },
    { name: 'Age', type: 'date', path: '.metadata.creationTimestamp' },
  ],
});

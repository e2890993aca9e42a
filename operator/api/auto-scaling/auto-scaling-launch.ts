import { z } from 'zod';
import { InstanceType } from '../compute/instance.ts';
import { Reference } from '../shared.ts';

/** A launch template and one of its versions. */
export const LaunchTemplateReference = z.object({
  launchTemplate: Reference.describe('LaunchTemplate, by resource name, EC2 name or id (lt-...).'),
  version: z
    .string()
    .regex(/^([1-9][0-9]*|\$Latest|\$Default)$/, 'version must be a number, $Latest or $Default')
    .max(16)
    .default('$Default')
    .describe('Version of it: a number, $Latest or $Default.'),
});
export type LaunchTemplateReference = z.infer<typeof LaunchTemplateReference>;

/** One way in which a group with several types may launch. */
const Override = z
  .object({
    instanceType: InstanceType.optional().describe('Instance type instead of that of the template.'),
    imageId: Reference.optional().describe('AMI instead of that of the template.'),
    launchTemplate: LaunchTemplateReference.optional().describe('Launch template instead of that of the policy.'),
    weightedCapacity: z.int().min(1).max(999).optional().describe('Capacity units that an instance of this type counts for; with weights, sizes of the group are in units.'),
  })
  .meta({ 'x-kubernetes-validations': [{ rule: 'has(self.instanceType) || has(self.launchTemplate)', message: 'set instanceType or launchTemplate' }] });
export type LaunchOverride = z.infer<typeof Override>;

/**
 * How instances of several types are launched. All of them are On-Demand: there is no Spot market here.
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_MixedInstancesPolicy.html
 */
export const MixedInstancesPolicy = z.object({
  launchTemplate: LaunchTemplateReference.describe('What the instances are made of.'),
  overrides: z
    .array(Override)
    .max(40)
    .optional()
    .describe('Ways to launch, in the order in which they are tried: the next one when no capacity is found for the one before.')
    .meta({
      'x-kubernetes-validations': [
        {
          rule: 'self.all(override, has(override.weightedCapacity)) || self.all(override, !has(override.weightedCapacity))',
          message: 'set weightedCapacity in all overrides or in none',
        },
      ],
    }),
  instancesDistribution: z
    .object({
      onDemandAllocationStrategy: z.enum(['prioritized', 'lowest-price']).default('prioritized').describe('Both mean the order of the overrides: nothing has a price here.'),
      onDemandBaseCapacity: z.int().min(0).max(10000).default(0).describe('Recorded; all capacity is On-Demand.'),
      onDemandPercentageAboveBaseCapacity: z
        .int()
        .min(0)
        .max(100)
        .default(100)
        .describe('Must be 100.')
        .meta({ 'x-kubernetes-validations': [{ rule: 'self == 100', message: 'onDemandPercentageAboveBaseCapacity must be 100: there are no Spot Instances' }] }),
    })
    .optional()
    .describe('Shares of On-Demand and Spot.'),
});
export type MixedInstancesPolicy = z.infer<typeof MixedInstancesPolicy>;

/** What a group or an instance refresh launches from, by one of three. */
export interface LaunchSource {
  launchTemplate?: LaunchTemplateReference | undefined;
  mixedInstancesPolicy?: MixedInstancesPolicy | undefined;
  launchConfigurationName?: string | undefined;
}

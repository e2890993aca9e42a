import { z } from 'zod';
import { defineCustomResource, type CustomResource } from './custom-resource.ts';
import { Conditions, Reference, Tag } from './shared.ts';

/** Condition types of an AutoScalingGroup. */
export const AutoScalingGroupConditions = {
  /** A controller has taken note of the current spec. */
  reconciled: 'Reconciled',
} as const;

/** Most instances of one group. */
const SIZE_LIMIT = 10000;
const size = z.int().min(0).max(SIZE_LIMIT);

const LaunchTemplateReference = z.object({
  launchTemplate: Reference.describe('LaunchTemplate, by name or id (lt-...).'),
  version: z
    .string()
    .regex(/^([1-9][0-9]*|\$Latest|\$Default)$/, 'version must be a number, $Latest or $Default')
    .max(16)
    .default('$Default')
    .describe('Version of it: a number, $Latest or $Default.'),
});

/** The processes that SuspendProcesses knows. @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-suspend-resume-processes.html */
const ScalingProcess = z.enum([
  'Launch', 'Terminate', 'AddToLoadBalancer', 'AlarmNotification', 'AZRebalance', 'HealthCheck', 'InstanceRefresh', 'ReplaceUnhealthy', 'ScheduledActions',
]);
/** @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-termination-policies.html */
const TerminationPolicy = z.enum([
  'Default', 'AllocationStrategy', 'OldestLaunchTemplate', 'OldestLaunchConfiguration', 'ClosestToNextInstanceHour', 'NewestInstance', 'OldestInstance',
]);

const AutoScalingGroupSpec = z.object({
  launchTemplate: LaunchTemplateReference.describe('What the instances are made of.'),
  minSize: size.describe('Fewest instances.'),
  maxSize: size.describe('Most instances.'),
  desiredCapacity: size.optional().describe('Instances that there should be; taken as minSize or maxSize where it lies beyond. Without it: minSize. kubectl scale and a HorizontalPodAutoscaler set it.'),
  availabilityZones: z
    .array(z.string().min(1).max(63))
    .min(1)
    .max(64)
    .optional()
    .meta({ 'x-kubernetes-list-type': 'set' })
    .describe("Zones to spread over, values of the nodes' label topology.kubernetes.io/zone. Without any: all zones."),
  defaultCooldown: z.int().min(0).max(86400).default(300).describe('Seconds between two scaling activities of simple policies.'),
  defaultInstanceWarmup: z.int().min(-1).max(86400).optional().describe('Seconds until a new instance counts in the metrics of policies.'),
  healthCheckGracePeriod: z.int().min(0).max(86400).default(0).describe('Seconds after the launch in which a failed health check does not count.'),
  newInstancesProtectedFromScaleIn: z.boolean().default(false).describe('Whether new instances are protected from scale-in.'),
  maxInstanceLifetime: z.int().min(0).max(31536000).optional().describe('Seconds after which an instance is replaced; at least a day. 0 for never.'),
  terminationPolicies: z.array(TerminationPolicy).min(1).max(7).default(['Default']).meta({ 'x-kubernetes-list-type': 'atomic' }).describe('Which instance goes first at scale-in.'),
  suspendedProcesses: z.array(ScalingProcess).max(9).optional().meta({ 'x-kubernetes-list-type': 'set' }).describe('Processes that are suspended.'),
  tags: z
    .array(Tag.extend({ propagateAtLaunch: z.boolean().default(true).describe('Whether new instances get the tag.') }))
    .max(50)
    .optional()
    .meta({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['key'] })
    .describe('EC2 tags of the group.'),
});
export type AutoScalingGroupSpec = z.infer<typeof AutoScalingGroupSpec>;

const AutoScalingGroupStatus = z.object({
  replicas: z.int().min(0).max(SIZE_LIMIT).optional().describe('Instances that there are.'),
  selector: z.string().optional().describe('Label selector of the machines, for a HorizontalPodAutoscaler.'),
  observedGeneration: z.int().optional().describe('metadata.generation that this status was computed from.'),
  conditions: Conditions.optional(),
});
export type AutoScalingGroupStatus = z.infer<typeof AutoScalingGroupStatus>;
export type AutoScalingGroup = CustomResource<AutoScalingGroupSpec, AutoScalingGroupStatus>;

/** AutoScalingGroup: keeps a number of instances of one launch template. */
export const AutoScalingGroupDefinition = defineCustomResource({
  kind: 'AutoScalingGroup',
  plural: 'autoscalinggroups',
  shortNames: ['asg'],
  namespaced: true,
  description: 'An Auto Scaling group as EC2 has it: keeps a number of instances of one launch template.',
  spec: AutoScalingGroupSpec,
  status: AutoScalingGroupStatus,
  scale: { specReplicasPath: '.spec.desiredCapacity', statusReplicasPath: '.status.replicas', labelSelectorPath: '.status.selector' },
  printerColumns: [
    { name: 'Desired', type: 'integer', path: '.spec.desiredCapacity' },
    { name: 'Min', type: 'integer', path: '.spec.minSize' },
    { name: 'Max', type: 'integer', path: '.spec.maxSize' },
    { name: 'Instances', type: 'integer', path: '.status.replicas' },
    { name: 'Reconciled', type: 'string', path: ".status.conditions[?(@.type=='Reconciled')].status" },
    { name: 'Age', type: 'date', path: '.metadata.creationTimestamp' },
    { name: 'Template', type: 'string', path: '.spec.launchTemplate.launchTemplate', priority: 1 },
  ],
  specRules: [{ rule: 'self.minSize <= self.maxSize', message: 'minSize must not be greater than maxSize', fieldPath: '.minSize' }],
});

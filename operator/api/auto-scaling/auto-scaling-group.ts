import { z } from 'zod';
import { ACTIVITIES_LIMIT, Activity } from './auto-scaling-activity.ts';
import { LaunchTemplateReference, MixedInstancesPolicy } from './auto-scaling-launch.ts';
import { LifecycleHook } from './auto-scaling-lifecycle-hook.ts';
import { NOTIFICATION_TYPES } from './auto-scaling-notification-type.ts';
import { Refresh, REFRESHES_LIMIT, RefreshRequest } from './auto-scaling-refresh.ts';
import { defineCustomResource, type CustomResource } from '../custom-resource.ts';
import { Conditions, Reference, Tag } from '../shared.ts';

/** Condition types of an AutoScalingGroup. */
export const AutoScalingGroupConditions = {
  /** A controller has taken note of the current spec. */
  reconciled: 'Reconciled',
  /** Instances can be launched: the template and all that it names is there. */
  launchable: 'Launchable',
  /** As much capacity is in service as is desired. */
  atCapacity: 'AtDesiredCapacity',
  /** Every topic that the group or its hooks name leads somewhere; absent where none is named. */
  topicsFound: 'TopicsFound',
} as const;

/** Most instances of one group. */
export const GROUP_SIZE_LIMIT = 10000;
const size = z.int().min(0).max(GROUP_SIZE_LIMIT);

/** The processes that SuspendProcesses knows. @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-suspend-resume-processes.html */
export const SCALING_PROCESSES = [
  'Launch', 'Terminate', 'AddToLoadBalancer', 'AlarmNotification', 'AZRebalance', 'HealthCheck', 'InstanceRefresh', 'ReplaceUnhealthy', 'ScheduledActions',
] as const;
export type ScalingProcess = (typeof SCALING_PROCESSES)[number];
/** @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-termination-policies.html */
export const TERMINATION_POLICIES = [
  'Default', 'AllocationStrategy', 'OldestLaunchTemplate', 'OldestLaunchConfiguration', 'ClosestToNextInstanceHour', 'NewestInstance', 'OldestInstance',
] as const;
export type TerminationPolicy = (typeof TERMINATION_POLICIES)[number];
/** Metrics of a group. @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-metrics.html */
export const GROUP_METRICS = [
  'GroupMinSize', 'GroupMaxSize', 'GroupDesiredCapacity', 'GroupInServiceInstances', 'GroupPendingInstances', 'GroupStandbyInstances', 'GroupTerminatingInstances',
  'GroupTotalInstances', 'GroupInServiceCapacity', 'GroupPendingCapacity', 'GroupStandbyCapacity', 'GroupTerminatingCapacity', 'GroupTotalCapacity',
  'WarmPoolDesiredCapacity', 'WarmPoolWarmedCapacity', 'WarmPoolPendingCapacity', 'WarmPoolTerminatingCapacity', 'WarmPoolTotalCapacity',
  'GroupAndWarmPoolDesiredCapacity', 'GroupAndWarmPoolTotalCapacity',
] as const;

/** Something to be done with one instance. It stands in the group, because it may change the desired capacity in the same write. */
const InstanceRequest = z.object({
  instanceId: Reference.describe('Instance, by id (i-...) or resource name.'),
  action: z.enum(['attach', 'detach', 'enter-standby', 'exit-standby', 'terminate']).describe('What to do.'),
  requestedAt: z.iso.datetime().optional().describe('When it was asked for.'),
  cause: z.string().max(1023).optional().describe('Why, for people.'),
});
export type InstanceRequest = z.infer<typeof InstanceRequest>;

const WarmPool = z.object({
  minSize: size.default(0).describe('Fewest instances to keep in the pool.'),
  maxGroupPreparedCapacity: size.optional().describe("Instances of group and pool together; by default the group's maxSize."),
  poolState: z.enum(['Stopped', 'Running']).default('Stopped').describe('How instances wait. Hibernation is not to be had.'),
  reuseOnScaleIn: z.boolean().default(false).describe('Whether scale-in returns instances to the pool.'),
});

const AutoScalingGroupSpec = z.object({
  autoScalingGroupName: z
    .string()
    .min(1)
    .max(255)
    .optional()
    .describe('Name of the group in Auto Scaling, unique in the account. By default the name of the resource.')
    .meta({ 'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: 'autoScalingGroupName cannot be changed; make a new AutoScalingGroup' }] }),
  launchTemplate: LaunchTemplateReference.optional().describe('What the instances are made of.'),
  mixedInstancesPolicy: MixedInstancesPolicy.optional().describe('The same with several types.'),
  launchConfigurationName: Reference.optional().describe('LaunchConfiguration that the instances are made of.'),
  minSize: size.describe('Fewest instances.'),
  maxSize: size.describe('Most instances.'),
  desiredCapacity: size.optional().describe('Instances that there should be; taken as minSize or maxSize where it lies beyond. Without it: minSize. kubectl scale and a HorizontalPodAutoscaler set it.'),
  capacityChange: z
    .object({ at: z.iso.datetime().describe('When.'), cause: z.string().max(512).describe('Who or what changed the sizes, as a sentence of an activity: a user request ...') })
    .optional()
    .describe('The last change of the sizes by the API, a policy or a schedule; activities tell of it.'),
  instanceRequests: z.array(InstanceRequest).max(500).optional().meta({ 'x-kubernetes-list-type': 'atomic' }).describe('What is to be done with single instances; done ones are removed from the list.'),
  availabilityZones: z
    .array(z.string().min(1).max(63))
    .min(1)
    .max(64)
    .optional()
    .meta({ 'x-kubernetes-list-type': 'set' })
    .describe("Zones to spread over, values of the nodes' label topology.kubernetes.io/zone. Without any: those of the subnets, else all."),
  subnetIds: z.array(Reference).min(1).max(64).optional().meta({ 'x-kubernetes-list-type': 'set' }).describe('Subnets to launch into, by name or id; their zones are spread over.'),
  zoneDistribution: z.enum(['balanced-best-effort', 'balanced-only']).default('balanced-best-effort').describe('Whether another zone is tried when one has no room.'),
  placementGroup: z.string().max(255).optional().describe('Placement group of the instances.'),
  defaultCooldown: z.int().min(0).max(86400).default(300).describe('Seconds between two scaling activities of simple policies.'),
  defaultInstanceWarmup: z.int().min(-1).max(86400).optional().describe('Seconds until a new instance counts in the metrics of policies.'),
  healthCheckType: z
    .string()
    .regex(/^(EC2|ELB|EBS|VPC_LATTICE)(,(EC2|ELB|EBS|VPC_LATTICE))*$/, 'healthCheckType must name EC2, ELB, EBS or VPC_LATTICE, with commas between them')
    .max(32)
    .default('EC2')
    .describe('Checks that decide about replacement. The status checks of EC2 always count.'),
  healthCheckGracePeriod: z.int().min(0).max(86400).default(0).describe('Seconds after the launch in which a failed health check does not count.'),
  newInstancesProtectedFromScaleIn: z.boolean().default(false).describe('Whether new instances are protected from scale-in.'),
  maxInstanceLifetime: z
    .int()
    .min(0)
    .max(31536000)
    .optional()
    .describe('Seconds after which an instance is replaced; at least a day. 0 for never.')
    .meta({ 'x-kubernetes-validations': [{ rule: 'self == 0 || self >= 86400', message: 'maxInstanceLifetime must be 0 or between 86400 (a day) and 31536000' }] }),
  terminationPolicies: z.array(z.enum(TERMINATION_POLICIES)).min(1).max(7).default(['Default']).meta({ 'x-kubernetes-list-type': 'atomic' }).describe('Which instance goes first at scale-in.'),
  suspendedProcesses: z.array(z.enum(SCALING_PROCESSES)).max(9).optional().meta({ 'x-kubernetes-list-type': 'set' }).describe('Processes that are suspended.'),
  deletionProtection: z
    .enum(['none', 'prevent-force-deletion', 'prevent-all-deletion'])
    .default('none')
    .describe('Whether the API may delete the group together with its instances, or at all. kubectl delete always ends the instances first.'),
  instanceMaintenancePolicy: z
    .object({
      minHealthyPercentage: z.int().min(0).max(100).describe('Share of the desired capacity that must stay in service while instances are replaced.'),
      maxHealthyPercentage: z.int().min(100).max(200).describe('Share of the desired capacity that there may be meanwhile: above 100 instances are launched before others end.'),
    })
    .optional()
    .describe('How instances are replaced.')
    .meta({
      'x-kubernetes-validations': [
        { rule: 'self.maxHealthyPercentage - self.minHealthyPercentage <= 100', message: 'minHealthyPercentage and maxHealthyPercentage must not differ by more than 100' },
      ],
    }),
  lifecycleHooks: z
    .array(LifecycleHook)
    .max(50)
    .optional()
    .meta({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['lifecycleHookName'] })
    .describe('Hooks that hold up launches and terminations.'),
  instanceRefresh: RefreshRequest.optional().describe('Replacement of all instances, step by step; a new id starts one.'),
  warmPool: WarmPool.optional().describe('Instances that are launched ahead and wait.'),
  enabledMetrics: z.array(z.enum(GROUP_METRICS)).max(20).optional().meta({ 'x-kubernetes-list-type': 'set' }).describe('Metrics of the group that are collected.'),
  targetGroupARNs: z.array(z.string().min(1).max(511)).max(50).optional().meta({ 'x-kubernetes-list-type': 'set' }).describe('Target groups that instances in service are registered with.'),
  loadBalancerNames: z.array(z.string().min(1).max(255)).max(50).optional().meta({ 'x-kubernetes-list-type': 'set' }).describe('Classic Load Balancers. Recorded.'),
  notificationConfigurations: z
    .array(z.object({ topicARN: z.string().min(1).max(1600).describe('Topic.'), notificationTypes: z.array(z.enum(NOTIFICATION_TYPES)).max(5).describe('What is told.') }))
    .max(10)
    .optional()
    .meta({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['topicARN'] })
    .describe('What is told, by events of the group (Ec2InstanceLaunch, Ec2InstanceLaunchError and Ec2InstanceTerminate) and to topics that a NotificationTopic stands for.'),
  serviceLinkedRoleARN: z.string().max(1600).optional().describe('Recorded.'),
  context: z.string().max(255).optional().describe('Reserved by AWS. Recorded.'),
  tags: z
    .array(Tag.extend({ propagateAtLaunch: z.boolean().default(true).describe('Whether new instances get the tag.') }))
    .max(50)
    .optional()
    .meta({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['key'] })
    .describe('EC2 tags of the group.'),
});
export type AutoScalingGroupSpec = z.infer<typeof AutoScalingGroupSpec>;

const AutoScalingGroupStatus = z.object({
  autoScalingGroupName: z.string().optional().describe('Name of the group in Auto Scaling.'),
  desiredCapacity: z.int().optional().describe('Desired capacity within minSize and maxSize.'),
  replicas: z.int().min(0).max(2 * GROUP_SIZE_LIMIT).optional().describe('Instances that count as capacity, those on their way included.'),
  inService: z.int().min(0).optional().describe('Instances in service.'),
  pending: z.int().min(0).optional().describe('Instances on their way.'),
  standby: z.int().min(0).optional().describe('Instances on standby.'),
  terminating: z.int().min(0).optional().describe('Instances that are being ended.'),
  warm: z.int().min(0).optional().describe('Instances in the warm pool.'),
  selector: z.string().optional().describe('Label selector of the machines, for a HorizontalPodAutoscaler.'),
  nextOrdinal: z.int().min(0).optional().describe('Number of the next launch: no number, and so no instance id, is used twice.'),
  activities: z.array(Activity).max(ACTIVITIES_LIMIT).optional().meta({ 'x-kubernetes-list-type': 'atomic' }).describe('What was done or failed and no instance tells of, newest first.'),
  instanceRefreshes: z.array(Refresh).max(REFRESHES_LIMIT).optional().meta({ 'x-kubernetes-list-type': 'atomic' }).describe('Instance refreshes, newest first.'),
  notifying: z
    .array(z.object({ type: z.enum(NOTIFICATION_TYPES).describe('What is told.'), since: z.iso.datetime().describe('Since when: what was before is not.') }))
    .max(5)
    .optional()
    .meta({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['type'] })
    .describe('What notificationConfigurations ask for, and since when.'),
  topics: z
    .array(z.object({ topicARN: z.string().max(1600).describe('Topic.'), asked: z.array(z.string().max(300)).max(60).meta({ 'x-kubernetes-list-type': 'atomic' }).describe('What it was to be told: kinds of notifications, hook:<name>.') }))
    .max(60)
    .optional()
    .meta({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['topicARN'] })
    .describe('Topics that were sent a test notification. A change of what they are to be told brings another one.'),
  retryAt: z.iso.datetime().optional().describe('When a launch that failed is tried again.'),
  launchFailures: z.int().min(0).optional().describe('Launches in a row that failed.'),
  observedGeneration: z.int().optional().describe('metadata.generation that this status was computed from.'),
  conditions: Conditions.optional(),
});
export type AutoScalingGroupStatus = z.infer<typeof AutoScalingGroupStatus>;
export type AutoScalingGroup = CustomResource<AutoScalingGroupSpec, AutoScalingGroupStatus>;

/** Keeps an AutoScalingGroup until its instances are ended. */
export const AUTO_SCALING_GROUP_FINALIZER = 'kube-ec2.io/instances';

/** Name of a group as Auto Scaling shows it. */
export function autoScalingGroupNameOf({ metadata, spec }: AutoScalingGroup): string {
  return spec.autoScalingGroupName ?? metadata.name;
}

/** ARN of a group. */
export function autoScalingGroupArnOf(group: AutoScalingGroup, region: string, accountId: string): string {
  return `arn:aws:autoscaling:${region}:${accountId}:autoScalingGroup:${group.metadata.uid ?? ''}:autoScalingGroupName/${autoScalingGroupNameOf(group)}`;
}

/** Desired capacity within the limits. */
export function desiredCapacityOf({ spec }: Pick<AutoScalingGroup, 'spec'>): number {
  return Math.max(spec.minSize, Math.min(spec.maxSize, spec.desiredCapacity ?? spec.minSize));
}

const launchSources = ['launchTemplate', 'mixedInstancesPolicy', 'launchConfigurationName'];

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
    { name: 'In-Service', type: 'integer', path: '.status.inService' },
    { name: 'Age', type: 'date', path: '.metadata.creationTimestamp' },
    { name: 'Launchable', type: 'string', path: ".status.conditions[?(@.type=='Launchable')].reason", priority: 1 },
    { name: 'Template', type: 'string', path: '.spec.launchTemplate.launchTemplate', priority: 1 },
  ],
  specRules: [
    { rule: 'self.minSize <= self.maxSize', message: 'minSize must not be greater than maxSize', fieldPath: '.minSize' },
    {
      rule: `[${launchSources.map((field) => `has(self.${field})`).join(', ')}].exists_one(x, x)`,
      message: 'set exactly one of launchTemplate, mixedInstancesPolicy and launchConfigurationName',
      fieldPath: '.launchTemplate',
    },
    {
      rule: 'has(self.autoScalingGroupName) == has(oldSelf.autoScalingGroupName)',
      message: 'autoScalingGroupName cannot be added or removed; make a new AutoScalingGroup',
      fieldPath: '.autoScalingGroupName',
    },
  ],
  objectRules: [{ rule: 'self.metadata.name.size() <= 63', message: 'the name may have 63 characters: it is a label of the machines', fieldPath: '.spec' }],
});

import { z } from 'zod';
import { defineCustomResource, type CustomResource } from '../custom-resource.ts';
import { Dimensions, MetricName, MetricNamespace, STATISTICS } from '../monitoring/metric.ts';
import { MetricDataQueries } from '../monitoring/metric-data-query.ts';
import { Conditions, Reference } from '../shared.ts';

/** Condition types of a ScalingPolicy. */
export const ScalingPolicyConditions = {
  /** The policy can act: its group is there, and its metric has a source. */
  ready: 'Ready',
} as const;

export const ADJUSTMENT_TYPES = ['ChangeInCapacity', 'ExactCapacity', 'PercentChangeInCapacity'] as const;
export const PREDEFINED_METRICS = ['ASGAverageCPUUtilization', 'ASGAverageNetworkIn', 'ASGAverageNetworkOut', 'ALBRequestCountPerTarget'] as const;
export type PredefinedMetric = (typeof PREDEFINED_METRICS)[number];

const adjustment = z.int().min(-10000).max(10000);

const StepAdjustment = z.object({
  metricIntervalLowerBound: z.number().optional().describe('Least difference between metric and threshold, itself included. Absent: no bound.'),
  metricIntervalUpperBound: z.number().optional().describe('Greatest difference, itself excluded. Absent: no bound.'),
  scalingAdjustment: adjustment.describe('Change, in the terms of adjustmentType.'),
});
export type StepAdjustment = z.infer<typeof StepAdjustment>;

const CustomizedMetric = z.object({
  metrics: MetricDataQueries.optional().describe('Metrics and expressions, one of which is kept at the target; nothing else is set then.'),
  namespace: MetricNamespace.optional(),
  metricName: MetricName.optional(),
  dimensions: Dimensions.optional(),
  statistic: z.enum(STATISTICS).optional().describe('Statistic of each period.'),
  period: z
    .int()
    .min(10)
    .max(60)
    .optional()
    .describe('Seconds of one period, by default 60.')
    .meta({ 'x-kubernetes-validations': [{ rule: 'self in [10, 30, 60]', message: 'period must be 10, 30 or 60' }] }),
  unit: z.string().max(32).optional().describe('Unit. Recorded.'),
}).meta({
  'x-kubernetes-validations': [
    { rule: 'has(self.metrics) != has(self.metricName)', message: 'set either metrics or metricName' },
    { rule: 'has(self.metricName) == has(self.namespace) && has(self.metricName) == has(self.statistic)', message: 'namespace and statistic go with metricName' },
  ],
});

const TargetTracking = z
  .object({
    predefinedMetricType: z.enum(PREDEFINED_METRICS).optional().describe('One of the metrics that Auto Scaling knows itself.'),
    resourceLabel: z.string().max(1023).optional().describe('Target group of ALBRequestCountPerTarget.'),
    customizedMetric: CustomizedMetric.optional().describe('A metric of your own, which must fall as instances are added.'),
    targetValue: z.number().describe('Value that the metric is kept at.'),
    disableScaleIn: z.boolean().default(false).describe('Whether the policy only ever adds instances.'),
  })
  .meta({
    'x-kubernetes-validations': [
      { rule: 'has(self.predefinedMetricType) != has(self.customizedMetric)', message: 'set either predefinedMetricType or customizedMetric' },
      { rule: 'self.targetValue > 0.0', message: 'targetValue must be greater than 0' },
    ],
  });

const ScalingPolicySpec = z.object({
  policyName: z.string().min(1).max(255).optional().describe('Name in Auto Scaling, unique in the group. By default the name of the resource.'),
  autoScalingGroup: Reference.describe('AutoScalingGroup of this namespace, by the name of the resource.').meta({
    'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: 'autoScalingGroup cannot be changed; make a new ScalingPolicy' }],
  }),
  policyType: z.enum(['TargetTrackingScaling', 'StepScaling', 'SimpleScaling']).describe('How it decides. Predictive scaling is not to be had.'),
  enabled: z.boolean().default(true).describe('Whether it acts.'),
  adjustmentType: z.enum(ADJUSTMENT_TYPES).optional().describe('What the adjustments mean.'),
  scalingAdjustment: adjustment.optional().describe('Change of a simple policy.'),
  minAdjustmentMagnitude: z.int().min(1).max(10000).optional().describe('Least change of PercentChangeInCapacity, in instances.'),
  cooldown: z.int().min(0).max(86400).optional().describe("Seconds of rest after a simple policy has acted; by default the group's defaultCooldown."),
  stepAdjustments: z.array(StepAdjustment).min(1).max(20).optional().meta({ 'x-kubernetes-list-type': 'atomic' }).describe('Steps of a step policy.'),
  metricAggregationType: z.enum(['Minimum', 'Maximum', 'Average']).optional().describe('How the datapoints of the alarm become one value for the steps; by default Average.'),
  estimatedInstanceWarmup: z.int().min(0).max(86400).optional().describe("Seconds until a new instance counts; by default the group's defaultInstanceWarmup, else its defaultCooldown."),
  targetTracking: TargetTracking.optional().describe('What a target tracking policy keeps where.'),
  execution: z
    .object({
      requestId: z.string().min(1).max(64).describe('Any text that was not used before.'),
      at: z.iso.datetime().describe('When it was asked for.'),
      honorCooldown: z.boolean().default(false).describe('Whether a cooldown holds it back.'),
      breach: z.number().optional().describe('Difference between metric and threshold, for a step policy.'),
    })
    .optional()
    .describe('Carries the policy out by hand, once.'),
});
export type ScalingPolicySpec = z.infer<typeof ScalingPolicySpec>;

const ScalingPolicyStatus = z.object({
  policyName: z.string().optional().describe('Name in Auto Scaling.'),
  policyId: z.string().optional().describe('UUID in the ARN of the policy.'),
  alarms: z.array(z.object({ alarmName: z.string().describe('Name in CloudWatch.') })).max(10).optional().meta({ 'x-kubernetes-list-type': 'atomic' }).describe('Alarms that a target tracking policy has made.'),
  lastScaledAt: z.iso.datetime().optional().describe('When it last changed the size of its group.'),
  lastCause: z.string().max(1023).optional().describe('Why.'),
  executionObserved: z.string().optional().describe('requestId of the last execution by hand.'),
  observedGeneration: z.int().optional().describe('metadata.generation that this status was computed from.'),
  conditions: Conditions.optional(),
});
export type ScalingPolicyStatus = z.infer<typeof ScalingPolicyStatus>;
export type ScalingPolicy = CustomResource<ScalingPolicySpec, ScalingPolicyStatus>;

/** Name of a policy as Auto Scaling shows it. */
export function policyNameOf({ metadata, spec }: ScalingPolicy): string {
  return spec.policyName ?? metadata.name;
}

const only = (type: string, field: string): { rule: string; message: string; fieldPath: string } => ({
  rule: `has(self.${field}) == (self.policyType == '${type}')`,
  message: `${field} is required for the policyType ${type}, and for no other`,
  fieldPath: `.${field}`,
});

/** ScalingPolicy: changes the size of a group by a metric. */
export const ScalingPolicyDefinition = defineCustomResource({
  kind: 'ScalingPolicy',
  plural: 'scalingpolicies',
  shortNames: [],
  namespaced: true,
  description: 'A scaling policy as Auto Scaling has it: changes the desired capacity of a group so that a metric stays at a target, or when an alarm goes off.',
  spec: ScalingPolicySpec,
  status: ScalingPolicyStatus,
  printerColumns: [
    { name: 'Group', type: 'string', path: '.spec.autoScalingGroup' },
    { name: 'Type', type: 'string', path: '.spec.policyType' },
    { name: 'Ready', type: 'string', path: ".status.conditions[?(@.type=='Ready')].reason" },
    { name: 'Scaled', type: 'date', path: '.status.lastScaledAt' },
    { name: 'Age', type: 'date', path: '.metadata.creationTimestamp' },
  ],
  specRules: [
    only('TargetTrackingScaling', 'targetTracking'),
    only('StepScaling', 'stepAdjustments'),
    only('SimpleScaling', 'scalingAdjustment'),
    { rule: "has(self.adjustmentType) == (self.policyType != 'TargetTrackingScaling')", message: 'adjustmentType is required for simple and step policies, and for no other', fieldPath: '.adjustmentType' },
    { rule: "!has(self.minAdjustmentMagnitude) || (has(self.adjustmentType) && self.adjustmentType == 'PercentChangeInCapacity')", message: 'minAdjustmentMagnitude is for PercentChangeInCapacity', fieldPath: '.minAdjustmentMagnitude' },
  ],
});

/** How a manifest names a policy among the actions of an alarm; the API uses ARNs. */
export function policyActionOf({ metadata }: ScalingPolicy): string {
  return `ScalingPolicy/${metadata.name}`;
}

/** Whether an alarm's action is this policy: by resource name, or by the id in its ARN. */
export function isPolicyAction(policy: ScalingPolicy, action: string): boolean {
  return action === policyActionOf(policy) || action.includes(`:scalingPolicy:${policy.metadata.uid ?? ' '}:`);
}

/** Name in CloudWatch of one of the alarms that a target tracking policy makes. */
export function targetAlarmNameOf({ metadata }: ScalingPolicy, groupName: string, which: 'High' | 'Low'): string {
  return `TargetTracking-${groupName}-Alarm${which}-${metadata.uid ?? ''}`.slice(0, 255);
}

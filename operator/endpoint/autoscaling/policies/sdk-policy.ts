import type { Alarm, ScalingPolicy as SdkScalingPolicy, TargetTrackingConfiguration, TargetTrackingMetricDataQuery } from '@aws-sdk/client-auto-scaling';
import { autoScalingGroupNameOf } from '../../../api/auto-scaling/auto-scaling-group.ts';
import { alarmNameOf, allActionsOf } from '../../../api/monitoring/metric-alarm.ts';
import { isPolicyAction, policyNameOf, targetAlarmNameOf } from '../../../api/auto-scaling/scaling-policy.ts';
import { MetricAlarm, type AutoScalingGroup, type ScalingPolicy } from '../../../kubernetes/resources.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { sdkMetricQueriesFrom } from '../../monitoring/metrics/metric-queries.ts';
import { policyArn } from './policy-arn.ts';

type Context = Pick<ReadOnlyContext, 'read' | 'region' | 'caller'>;

/** A policy in the API's shape. @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_ScalingPolicy.html */
export function sdkPolicyFrom(policy: ScalingPolicy, group: AutoScalingGroup, context: Context): SdkScalingPolicy {
  const { spec } = policy;
  const groupName = autoScalingGroupNameOf(group);
  return {
    AutoScalingGroupName: groupName,
    PolicyName: policyNameOf(policy),
    PolicyARN: policyArn(policy, groupName, context),
    PolicyType: spec.policyType,
    ...(spec.adjustmentType !== undefined && { AdjustmentType: spec.adjustmentType }),
    ...(spec.minAdjustmentMagnitude !== undefined && { MinAdjustmentMagnitude: spec.minAdjustmentMagnitude }),
    ...(spec.scalingAdjustment !== undefined && { ScalingAdjustment: spec.scalingAdjustment }),
    ...(spec.cooldown !== undefined && { Cooldown: spec.cooldown }),
    StepAdjustments: (spec.stepAdjustments ?? []).map(({ metricIntervalLowerBound: lower, metricIntervalUpperBound: upper, scalingAdjustment }) => ({
      ...(lower !== undefined && { MetricIntervalLowerBound: lower }),
      ...(upper !== undefined && { MetricIntervalUpperBound: upper }),
      ScalingAdjustment: scalingAdjustment,
    })),
    ...(spec.metricAggregationType !== undefined && { MetricAggregationType: spec.metricAggregationType }),
    ...(spec.estimatedInstanceWarmup !== undefined && { EstimatedInstanceWarmup: spec.estimatedInstanceWarmup }),
    ...(spec.targetTracking && { TargetTrackingConfiguration: targetTrackingOf(spec.targetTracking) }),
    Alarms: alarmsOf(policy, group, context),
    Enabled: spec.enabled,
  };
}

/** Alarms that carry the policy out: those that it has made itself, and others that name it. */
export function alarmsOf(policy: ScalingPolicy, group: AutoScalingGroup, { read, region, caller }: Context): Alarm[] {
  const named = read
    .list(MetricAlarm, caller.namespace)
    .filter((alarm) => allActionsOf(alarm).some((action) => isPolicyAction(policy, action)))
    .map(alarmNameOf);
  const arnOf = (name: string): string => `arn:aws:cloudwatch:${region}:${caller.accountId}:alarm:${name}`;
  return [...new Set([...named, ...ownAlarmNames(policy, group)])].sort().map((AlarmName) => ({ AlarmName, AlarmARN: arnOf(AlarmName) }));
}

/** The names follow from the policy, so they can be told before its controller has made the alarms. A metric without a source gets none. */
function ownAlarmNames(policy: ScalingPolicy, group: AutoScalingGroup): string[] {
  const { targetTracking } = policy.spec;
  if (!targetTracking || targetTracking.predefinedMetricType === 'ALBRequestCountPerTarget') return [];
  const kinds = targetTracking.disableScaleIn ? (['High'] as const) : (['High', 'Low'] as const);
  return kinds.map((which) => targetAlarmNameOf(policy, autoScalingGroupNameOf(group), which));
}

function targetTrackingOf({ predefinedMetricType, resourceLabel, customizedMetric, targetValue, disableScaleIn }: NonNullable<ScalingPolicy['spec']['targetTracking']>): TargetTrackingConfiguration {
  return {
    ...(predefinedMetricType !== undefined && { PredefinedMetricSpecification: { PredefinedMetricType: predefinedMetricType, ...(resourceLabel !== undefined && { ResourceLabel: resourceLabel }) } }),
    ...(customizedMetric?.metrics && { CustomizedMetricSpecification: { Metrics: sdkMetricQueriesFrom(customizedMetric.metrics) as TargetTrackingMetricDataQuery[] } }),
    ...(customizedMetric && !customizedMetric.metrics && {
      CustomizedMetricSpecification: {
        Namespace: customizedMetric.namespace,
        MetricName: customizedMetric.metricName,
        Dimensions: (customizedMetric.dimensions ?? []).map(({ name, value }) => ({ Name: name, Value: value })),
        Statistic: customizedMetric.statistic,
        ...(customizedMetric.unit !== undefined && { Unit: customizedMetric.unit }),
        ...(customizedMetric.period !== undefined && { Period: customizedMetric.period }),
      },
    }),
    TargetValue: targetValue,
    DisableScaleIn: disableScaleIn,
  };
}

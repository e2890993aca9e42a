import type { MetricAlarm as SdkMetricAlarm, StandardUnit } from '@aws-sdk/client-cloudwatch';
import { autoScalingGroupNameOf } from '../../../api/auto-scaling/auto-scaling-group.ts';
import { alarmNameOf, alarmStateOf } from '../../../api/monitoring/metric-alarm.ts';
import { isPolicyAction } from '../../../api/auto-scaling/scaling-policy.ts';
import { AutoScalingGroup, ScalingPolicy, type MetricAlarm } from '../../../kubernetes/resources.ts';
import { policyArn } from '../../autoscaling/policies/policy-arn.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { sdkMetricQueriesFrom } from '../metrics/metric-queries.ts';
import { alarmArn } from './find-alarms.ts';

type Context = Pick<ReadOnlyContext, 'read' | 'region' | 'caller'>;

/** An alarm in the API's shape. @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricAlarm.html */
export function sdkAlarmFrom(alarm: MetricAlarm, context: Context): SdkMetricAlarm {
  const { spec, status, metadata } = alarm;
  const name = alarmNameOf(alarm);
  const createdAt = new Date(metadata.creationTimestamp ?? 0);
  const updatedAt = status?.stateUpdatedAt === undefined ? createdAt : new Date(status.stateUpdatedAt);
  return {
    AlarmName: name,
    AlarmArn: alarmArn(name, context),
    ...(spec.alarmDescription !== undefined && { AlarmDescription: spec.alarmDescription }),
    AlarmConfigurationUpdatedTimestamp: status?.configurationUpdatedAt === undefined ? createdAt : new Date(status.configurationUpdatedAt),
    ActionsEnabled: spec.actionsEnabled,
    OKActions: actionArns(spec.okActions, context),
    AlarmActions: actionArns(spec.alarmActions, context),
    InsufficientDataActions: actionArns(spec.insufficientDataActions, context),
    StateValue: alarmStateOf(alarm),
    StateReason: status?.stateReason ?? 'Unchecked: Initial alarm creation',
    ...(status?.stateReasonData && { StateReasonData: status.stateReasonData }),
    StateUpdatedTimestamp: updatedAt,
    StateTransitionedTimestamp: updatedAt,
    ...(spec.metrics && { Metrics: sdkMetricQueriesFrom(spec.metrics) }),
    ...(spec.metricName !== undefined && { MetricName: spec.metricName, Namespace: spec.namespace }),
    ...(spec.statistic !== undefined && { Statistic: spec.statistic }),
    ...(spec.extendedStatistic !== undefined && { ExtendedStatistic: spec.extendedStatistic }),
    ...(!spec.metrics && { Dimensions: (spec.dimensions ?? []).map(({ name: Name, value: Value }) => ({ Name, Value })) }),
    ...(spec.period !== undefined && { Period: spec.period }),
    ...(spec.unit !== undefined && { Unit: spec.unit as StandardUnit }),
    EvaluationPeriods: spec.evaluationPeriods,
    ...(spec.datapointsToAlarm !== undefined && { DatapointsToAlarm: spec.datapointsToAlarm }),
    Threshold: spec.threshold,
    ComparisonOperator: spec.comparisonOperator,
    TreatMissingData: spec.treatMissingData,
    ...(spec.evaluateLowSampleCountPercentile !== undefined && { EvaluateLowSampleCountPercentile: spec.evaluateLowSampleCountPercentile }),
  };
}

/** Manifests may name scaling policies by their resource; the API knows ARNs only. */
function actionArns(actions: readonly string[] | undefined, context: Context): string[] {
  return (actions ?? []).map((action) => {
    if (!action.startsWith('ScalingPolicy/')) return action;
    const policy = context.read.list(ScalingPolicy, context.caller.namespace).find((candidate) => isPolicyAction(candidate, action));
    const group = policy && context.read.get(AutoScalingGroup, { namespace: context.caller.namespace, name: policy.spec.autoScalingGroup });
    return policy && group ? policyArn(policy, autoScalingGroupNameOf(group), context) : action;
  });
}

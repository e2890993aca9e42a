import { createHash } from 'node:crypto';
import { autoScalingGroupNameOf, type AutoScalingGroup } from '../../api/auto-scaling/auto-scaling-group.ts';
import { MetricAlarmDefinition, type MetricAlarm, type MetricAlarmSpec } from '../../api/monitoring/metric-alarm.ts';
import { policyActionOf, targetAlarmNameOf, type PredefinedMetric, type ScalingPolicy } from '../../api/auto-scaling/scaling-policy.ts';
import { controllerReferenceTo } from '../../kubernetes/owner-reference.ts';
import { MetricAlarm as MetricAlarmType, ScalingPolicy as ScalingPolicyType } from '../../kubernetes/resources.ts';
import { isSameJson } from '../../kubernetes/merge-patch.ts';
import type { ReconcileContext } from '../../runtime/reconcile.ts';

/** The two alarms of a target tracking policy: above the target, and well below it. */
export interface TargetAlarms {
  high: MetricAlarm;
  low: MetricAlarm | undefined;
}

/** Periods that the metric must be beyond the target, and below it, as Auto Scaling has them. */
const HIGH_PERIODS = 3;
const LOW_PERIODS = 15;
/** Below this share of the target there are too many instances. */
const LOW_SHARE = 0.9;

const predefined: Readonly<Partial<Record<PredefinedMetric, string>>> = {
  ASGAverageCPUUtilization: 'CPUUtilization',
  ASGAverageNetworkIn: 'NetworkIn',
  ASGAverageNetworkOut: 'NetworkOut',
};

type Metric = Pick<MetricAlarmSpec, 'namespace' | 'metricName' | 'dimensions' | 'statistic' | 'period' | 'metrics'>;

/** The metric of a target tracking policy; undefined if nothing measures it. Pure. */
export function targetMetricOf({ spec }: ScalingPolicy, group: AutoScalingGroup): Metric | undefined {
  const { customizedMetric, predefinedMetricType } = spec.targetTracking ?? {};
  if (customizedMetric) {
    const { metrics, namespace, metricName, dimensions, statistic, period = 60 } = customizedMetric;
    return metrics ? { metrics } : { namespace, metricName, ...(dimensions && { dimensions }), statistic, period };
  }
  const metricName = predefinedMetricType && predefined[predefinedMetricType];
  if (metricName === undefined) return undefined;
  return { namespace: 'AWS/EC2', metricName, dimensions: [{ name: 'AutoScalingGroupName', value: autoScalingGroupNameOf(group) }], statistic: 'Average', period: 60 };
}

/** The alarms that a target tracking policy should have. Pure. */
export function targetAlarmsFor(policy: ScalingPolicy, group: AutoScalingGroup, metric: Metric): TargetAlarms {
  const { targetValue, disableScaleIn } = policy.spec.targetTracking ?? { targetValue: 0, disableScaleIn: true };
  const common = { ...metric, actionsEnabled: true, alarmActions: [policyActionOf(policy)], treatMissingData: 'missing' as const };
  const description = `DO NOT EDIT OR DELETE. For TargetTrackingScaling policy ${policy.metadata.name}.`;
  const high = alarmFor(policy, group, 'High', {
    ...common, alarmDescription: description, evaluationPeriods: HIGH_PERIODS, threshold: targetValue, comparisonOperator: 'GreaterThanThreshold',
  });
  if (disableScaleIn) return { high, low: undefined };
  const low = alarmFor(policy, group, 'Low', {
    ...common, alarmDescription: description, evaluationPeriods: LOW_PERIODS, threshold: targetValue * LOW_SHARE, comparisonOperator: 'LessThanThreshold',
  });
  return { high, low };
}

/** Name of the resource of one of a policy's alarms. */
export function targetAlarmName(policy: ScalingPolicy, which: 'High' | 'Low'): string {
  const digest = createHash('sha256').update(policy.metadata.uid ?? policy.metadata.name).digest('hex');
  return `targettracking-${digest.slice(0, 20)}-${which.toLowerCase()}`;
}

function alarmFor(policy: ScalingPolicy, group: AutoScalingGroup, which: 'High' | 'Low', spec: Omit<MetricAlarmSpec, 'alarmName'>): MetricAlarm {
  return {
    apiVersion: MetricAlarmDefinition.apiVersion,
    kind: MetricAlarmDefinition.kind,
    metadata: { name: targetAlarmName(policy, which), namespace: policy.metadata.namespace ?? '', ownerReferences: [controllerReferenceTo(ScalingPolicyType, policy)] },
    spec: { alarmName: targetAlarmNameOf(policy, autoScalingGroupNameOf(group), which), ...spec },
  };
}

/** Makes the alarms what they should be; nothing is written if they are. */
export async function ensureAlarms(policy: ScalingPolicy, wanted: readonly MetricAlarm[], { read, write }: ReconcileContext): Promise<void> {
  const namespace = policy.metadata.namespace;
  for (const alarm of wanted) {
    const known = read.get(MetricAlarmType, { namespace, name: alarm.metadata.name });
    // What somebody asked the alarm to be for a moment is none of the policy's business.
    if (known && isSameJson({ ...known.spec, requestedState: undefined, tags: undefined }, alarm.spec)) continue;
    await write.apply(MetricAlarmType, alarm);
  }
  for (const which of ['High', 'Low'] as const) {
    const name = targetAlarmName(policy, which);
    if (wanted.some(({ metadata }) => metadata.name === name)) continue;
    const known = read.get(MetricAlarmType, { namespace, name });
    if (known) await write.remove(MetricAlarmType, { namespace, name }, known.metadata.uid === undefined ? {} : { uid: known.metadata.uid });
  }
}

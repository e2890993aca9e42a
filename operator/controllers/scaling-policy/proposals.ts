import type { AutoScalingGroup } from '../../api/auto-scaling/auto-scaling-group.ts';
import { actionsIn, alarmNameOf, alarmPeriodOf, alarmStateOf, type MetricAlarm } from '../../api/monitoring/metric-alarm.ts';
import { isPolicyAction, type ScalingPolicy } from '../../api/auto-scaling/scaling-policy.ts';
import { alarmDatapoints, recentDatapoints } from '../../metrics/alarm-evaluation.ts';
import { metricsSourceOf, type MetricsSettings } from '../../metrics/metrics-source-of.ts';
import { MetricsUnavailable, UnsupportedMetric } from '../../metrics/metrics-source.ts';
import { MetricAlarm as MetricAlarmType, ScalingPolicy as ScalingPolicyType } from '../../kubernetes/resources.ts';
import type { ReconcileContext } from '../../runtime/reconcile.ts';
import { namesPolicy } from './causes.ts';
import { groupCapacityOf, warmupSecondsOf, type GroupCapacity } from './group-capacity.ts';
import { adjustmentProposal, scaleInProposal, scaleOutProposal, type Proposal } from './proposal.ts';
import { targetAlarmName } from './target-alarms.ts';

/** Seconds between two changes for an alarm that stays in the state ALARM: so often CloudWatch repeats its actions. */
const REPEAT_SECONDS = 60;

/** What alarms make a policy want; nothing while it rests. `waitsUntil` tells when to look again, in milliseconds since the epoch. */
export async function proposalsOf(policy: ScalingPolicy, group: AutoScalingGroup, context: ReconcileContext, settings: MetricsSettings): Promise<{ proposals: Proposal[]; waitsUntil: number | undefined }> {
  const { read, clock } = context;
  const now = clock.now();
  const alarms = activeAlarmsOf(policy, context);
  if (alarms.length === 0 || !policy.spec.enabled) return { proposals: [], waitsUntil: undefined };
  const capacity = groupCapacityOf(group, warmupSecondsOf(policy, group), read, now);
  const restsUntil = restOf(policy, group, alarms, capacity, context);
  if (restsUntil > now) return { proposals: [], waitsUntil: restsUntil };
  const proposals: Proposal[] = [];
  for (const alarm of alarms) {
    const proposal = proposalFor(policy, alarm, await valueOf(policy, alarm, context, settings), capacity);
    if (proposal) proposals.push(proposal);
  }
  return { proposals, waitsUntil: Math.max(now + 1000, Math.min(capacity.warmAt ?? Infinity, now + REPEAT_SECONDS * 1000)) };
}

/** Alarms that name the policy among the actions of the state that they are in; one that was never evaluated is in none. */
function activeAlarmsOf(policy: ScalingPolicy, { read }: ReconcileContext): MetricAlarm[] {
  return read
    .list(MetricAlarmType, policy.metadata.namespace)
    .filter((alarm) => alarm.status?.state !== undefined && actionsIn(alarm, alarm.status.state).some((action) => isPolicyAction(policy, action)))
    .sort((left, right) => (left.metadata.name < right.metadata.name ? -1 : 1));
}

/**
 * Until when a policy rests: a simple one for the cooldown of whichever simple policy of the group acted last, the others until their alarm has had time to
 * see what their own last change did.
 */
function restOf(policy: ScalingPolicy, group: AutoScalingGroup, alarms: readonly MetricAlarm[], { warmAt }: GroupCapacity, { read }: ReconcileContext): number {
  if (policy.spec.policyType !== 'SimpleScaling') {
    return lastScaledAt(policy, group) + Math.min(REPEAT_SECONDS, ...alarms.map(alarmPeriodOf)) * 1000;
  }
  const simple = read
    .list(ScalingPolicyType, policy.metadata.namespace)
    .filter(({ spec }) => spec.policyType === 'SimpleScaling' && spec.autoScalingGroup === policy.spec.autoScalingGroup);
  const cooled = simple.map((other) => {
    const last = lastScaledAt(other, group);
    return last === 0 ? 0 : last + Math.max(1, other.spec.cooldown ?? group.spec.defaultCooldown) * 1000;
  });
  // The cooldown begins when the activity is over, and that is not before its instances are there.
  return Math.max(...cooled, warmAt ?? 0);
}

/** When a policy last changed the group, in milliseconds; also if a crash kept it from being written into the status: the group tells. */
function lastScaledAt({ metadata, spec, status }: ScalingPolicy, group: AutoScalingGroup): number {
  const { capacityChange } = group.spec;
  const isOwn = capacityChange !== undefined && namesPolicy(capacityChange.cause, spec.policyName ?? metadata.name);
  return Math.max(Date.parse(status?.lastScaledAt ?? '') || 0, isOwn ? Date.parse(capacityChange.at) || 0 : 0);
}

function proposalFor(policy: ScalingPolicy, alarm: MetricAlarm, value: number | undefined, capacity: GroupCapacity): Proposal | undefined {
  const alarmName = alarmNameOf(alarm);
  if (!policy.spec.targetTracking) {
    // Without a value (an alarm that was set by hand) the breach is as small as it can be.
    return adjustmentProposal(policy, { alarm: `alarm ${alarmName} in state ${alarmStateOf(alarm)}`, difference: value === undefined ? 0 : value - alarm.spec.threshold }, capacity);
  }
  const isLow = alarm.metadata.name === targetAlarmName(policy, 'Low');
  return isLow ? scaleInProposal(policy, alarmName, value, capacity) : scaleOutProposal(policy, alarmName, value, capacity);
}

/** The value of the alarm's metric that counts: the newest, for steps all that the alarm looks at, aggregated. */
async function valueOf(policy: ScalingPolicy, alarm: MetricAlarm, { read, clock }: ReconcileContext, settings: MetricsSettings): Promise<number | undefined> {
  if (policy.spec.policyType === 'SimpleScaling') return undefined;
  try {
    const datapoints = await alarmDatapoints(alarm, metricsSourceOf(settings, read, clock), clock.now());
    const values = recentDatapoints(alarm, datapoints).map(({ value }) => value);
    return policy.spec.targetTracking || values.length === 0 ? values.at(-1) : aggregated(values, policy.spec.metricAggregationType ?? 'Average');
  } catch (error) {
    if (error instanceof UnsupportedMetric || error instanceof MetricsUnavailable) return undefined;
    throw error;
  }
}

function aggregated(values: readonly number[], type: 'Minimum' | 'Maximum' | 'Average'): number {
  if (type === 'Minimum') return Math.min(...values);
  return type === 'Maximum' ? Math.max(...values) : values.reduce((sum, value) => sum + value, 0) / values.length;
}

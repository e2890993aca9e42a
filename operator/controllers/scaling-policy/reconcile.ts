import { desiredCapacityOf } from '../../api/auto-scaling/auto-scaling-group.ts';
import { ScalingPolicyConditions, policyNameOf, type ScalingPolicy, type ScalingPolicyStatus } from '../../api/auto-scaling/scaling-policy.ts';
import type { MetricsSettings } from '../../metrics/metrics-source-of.ts';
import { AutoScalingGroup, MetricAlarm, ScalingPolicy as ScalingPolicyType } from '../../kubernetes/resources.ts';
import { setCondition, type ConditionClaim } from '../../runtime/conditions.ts';
import type { Outcome, ReconcileContext } from '../../runtime/reconcile.ts';
import { changeSizes } from '../change-sizes.ts';
import { causeOfAlarm, causeOfRequest } from './causes.ts';
import { adjustedCapacity, chosenProposal, stepFor, type Proposal } from './proposal.ts';
import { proposalsOf } from './proposals.ts';
import { ensureAlarms, targetAlarmsFor, targetMetricOf } from './target-alarms.ts';

type Claim = Omit<ConditionClaim, 'type' | 'observedGeneration'>;
type Change = { capacity: number; cause: string };

/**
 * Keeps the alarms of a target tracking policy, and changes the group if of all its policies this one wants most. The others leave it alone, so that several
 * policies in force at once make one change.
 */
export async function reconcile(policy: ScalingPolicy, context: ReconcileContext, settings: MetricsSettings): Promise<Outcome<ScalingPolicyStatus>> {
  const { read, clock } = context;
  const { metadata, spec, status = {} } = policy;
  const group = read.get(AutoScalingGroup, { namespace: metadata.namespace, name: spec.autoScalingGroup });
  if (group === undefined || group.metadata.deletionTimestamp !== undefined) {
    return { status: statusOf(policy, { status: 'False', reason: 'GroupNotFound', message: `AutoScalingGroup ${spec.autoScalingGroup} does not exist; create it` }, {}, context) };
  }
  const metric = spec.targetTracking === undefined ? undefined : targetMetricOf(policy, group);
  const alarms = metric === undefined ? undefined : targetAlarmsFor(policy, group, metric);
  const wantedAlarms = alarms === undefined ? [] : [alarms.high, ...(alarms.low ? [alarms.low] : [])];
  await ensureAlarms(policy, wantedAlarms, context);
  const claim = claimOf(policy, wantedAlarms, group, context);
  const alarmNames = wantedAlarms.map((alarm) => ({ alarmName: alarm.spec.alarmName ?? alarm.metadata.name }));
  const facts = { alarms: alarmNames.length > 0 ? alarmNames : undefined };

  const requested = requestedChange(policy, group);
  if (requested) {
    await apply(group, requested, context);
    const scaled = { ...facts, executionObserved: spec.execution?.requestId, lastScaledAt: new Date(clock.now()).toISOString(), lastCause: requested.cause };
    return { status: statusOf(policy, claim, scaled, context), events: [{ type: 'Normal', reason: 'Scaled', message: requested.cause }] };
  }
  const isSuspended = group.spec.suspendedProcesses?.includes('AlarmNotification') === true;
  if (isSuspended) return { status: statusOf(policy, claim, facts, context) };
  const { chosen, waitsUntil } = await chosenFor(policy, group, context, settings);
  const wake = waitsUntil === undefined ? {} : { requeueAfterSeconds: Math.max(1, Math.ceil((waitsUntil - clock.now()) / 1000)) };
  if (chosen?.policy.metadata.name !== metadata.name) return { status: statusOf(policy, claim, facts, context), ...wake };
  const cause = causeOfAlarm(chosen.cause, policyNameOf(policy), desiredCapacityOf(group), chosen.capacity);
  await apply(group, { capacity: chosen.capacity, cause }, context);
  const scaled = { ...facts, lastScaledAt: new Date(clock.now()).toISOString(), lastCause: cause };
  return { status: { ...status, ...statusOf(policy, claim, scaled, context) }, events: [{ type: 'Normal', reason: 'Scaled', message: cause }], ...wake };
}

async function apply(group: AutoScalingGroup, { capacity, cause }: Change, context: ReconcileContext): Promise<void> {
  const { minSize, maxSize } = group.spec;
  await changeSizes(group, { minSize, maxSize, desiredCapacity: capacity }, cause, context);
}

/** The proposal that counts for the group, whosever it is. */
async function chosenFor(policy: ScalingPolicy, group: AutoScalingGroup, context: ReconcileContext, settings: MetricsSettings): Promise<{ chosen: Proposal | undefined; waitsUntil: number | undefined }> {
  const own = await proposalsOf(policy, group, context, settings);
  if (own.proposals.length === 0) return { chosen: undefined, waitsUntil: own.waitsUntil };
  const policies = context.read.list(ScalingPolicyType, policy.metadata.namespace).filter(({ spec }) => spec.autoScalingGroup === group.metadata.name);
  const proposals = [...own.proposals];
  for (const other of policies) {
    if (other.metadata.name !== policy.metadata.name) proposals.push(...(await proposalsOf(other, group, context, settings)).proposals);
  }
  return { chosen: chosenProposal(proposals, policies, group, desiredCapacityOf(group)), waitsUntil: own.waitsUntil };
}

/** What ExecutePolicy asked for, once: the group's last change tells whether it was done already. */
function requestedChange(policy: ScalingPolicy, group: AutoScalingGroup): Change | undefined {
  const { execution, stepAdjustments, scalingAdjustment } = policy.spec;
  if (execution === undefined || execution.requestId === policy.status?.executionObserved) return undefined;
  const adjustment = stepAdjustments ? stepFor(stepAdjustments, execution.breach ?? 0)?.scalingAdjustment : scalingAdjustment;
  const desired = desiredCapacityOf(group);
  const isDone = group.spec.capacityChange?.cause.includes(execution.requestId) === true;
  const wanted = adjustment === undefined || isDone ? desired : adjustedCapacity(policy, adjustment, desired);
  const capacity = Math.max(group.spec.minSize, Math.min(group.spec.maxSize, wanted));
  return { capacity, cause: causeOfRequest(execution.requestId, policyNameOf(policy), desired, capacity) };
}

function claimOf(policy: ScalingPolicy, alarms: readonly MetricAlarm[], group: AutoScalingGroup, { read }: ReconcileContext): Claim {
  if (policy.spec.targetTracking !== undefined && alarms.length === 0) {
    return { status: 'False', reason: 'NoMetricsSource', message: `Nothing measures ${policy.spec.targetTracking.predefinedMetricType ?? 'the metric'} here; use another metric` };
  }
  for (const { metadata } of alarms) {
    const evaluated = read.get(MetricAlarm, { namespace: metadata.namespace, name: metadata.name })?.status?.conditions?.[0];
    if (evaluated?.status === 'False') return { status: 'False', reason: evaluated.reason, message: evaluated.message };
  }
  if (!policy.spec.enabled) return { status: 'True', reason: 'Disabled', message: 'The policy is switched off.' };
  if (group.spec.suspendedProcesses?.includes('AlarmNotification') === true) {
    return { status: 'True', reason: 'Suspended', message: 'The policy has no effect: the process AlarmNotification of the group is suspended.' };
  }
  return { status: 'True', reason: 'Ready', message: 'The policy acts on its alarms.' };
}

function statusOf(policy: ScalingPolicy, claim: Claim, facts: Partial<ScalingPolicyStatus>, { clock }: ReconcileContext): ScalingPolicyStatus {
  const observedGeneration = policy.metadata.generation ?? 0;
  const status = policy.status ?? {};
  return {
    ...status,
    policyName: policyNameOf(policy),
    policyId: policy.metadata.uid,
    ...facts,
    observedGeneration,
    conditions: setCondition(status.conditions, { type: ScalingPolicyConditions.ready, ...claim, observedGeneration }, clock),
  };
}

import { ACTIVITIES_LIMIT, type Activity } from '../../api/auto-scaling/auto-scaling-activity.ts';
import { AutoScalingGroupConditions, autoScalingGroupNameOf, desiredCapacityOf, type AutoScalingGroupStatus } from '../../api/auto-scaling/auto-scaling-group.ts';
import { isLeaving, lifecycleStateOf, type Member } from '../../api/auto-scaling/auto-scaling-member.ts';
import { AUTO_SCALING_GROUP_LABEL } from '../../api/auto-scaling/auto-scaling-membership.ts';
import { REFRESHES_LIMIT, type Refresh } from '../../api/auto-scaling/auto-scaling-refresh.ts';
import { uuidFrom } from '../../api/identity/unique-id.ts';
import type { Clock } from '../../kubernetes/clock.ts';
import type { AutoScalingGroup } from '../../kubernetes/resources.ts';
import { setCondition, type ConditionClaim } from '../../runtime/conditions.ts';
import type { Objection } from '../instance/objection.ts';
import { timestampOf } from '../instance/times.ts';
import { delayAfter } from './back-off.ts';
import { isCounting } from './indexes.ts';
import { notifyingOf } from './notify.ts';
import { capacityOf } from './resize.ts';
import { topicsNamedBy } from './topics.ts';

/** What a pass has found and done. */
export interface Seen {
  group: AutoScalingGroup;
  members: readonly Member[];
  activities: readonly Activity[];
  refresh: Refresh | undefined;
  /** Why instances cannot be launched. */
  problem: Objection | undefined;
  /** Topics that were sent a test notification. */
  topics: NonNullable<AutoScalingGroupStatus['topics']>;
}

/** The whole status of a group. Pure but for the clock. */
export function statusFrom(seen: Seen, clock: Clock): AutoScalingGroupStatus {
  const { group, members, refresh } = seen;
  const { retryAt: _retry, launchFailures: _failures, notifying: _notifying, topics: _topics, ...before } = group.status ?? {};
  const kept = (before.conditions ?? []).filter(({ type }) => type !== AutoScalingGroupConditions.topicsFound || topicsNamedBy(group).size > 0);
  const { activities, retry } = failureOf(seen, clock);
  const notifying = notifyingOf(group, clock);
  const nextOrdinal = nextOrdinalOf(group, members);
  const told = [...activities, ...seen.activities.toReversed(), ...(before.activities ?? [])].slice(0, ACTIVITIES_LIMIT);
  return {
    ...before,
    ...countsOf(members),
    autoScalingGroupName: autoScalingGroupNameOf(group),
    desiredCapacity: desiredCapacityOf(group),
    selector: `${AUTO_SCALING_GROUP_LABEL}=${group.metadata.name}`,
    nextOrdinal,
    ...(told.length > 0 && { activities: told }),
    ...(refresh !== undefined && { instanceRefreshes: withRefresh(before.instanceRefreshes ?? [], refresh.status === 'Pending' ? { ...refresh, firstOrdinal: nextOrdinal } : refresh) }),
    ...(notifying.length > 0 && { notifying }),
    ...(seen.topics.length > 0 && { topics: seen.topics }),
    ...retry,
    observedGeneration: group.metadata.generation ?? 0,
    conditions: claimsOf(seen).reduce((conditions, claim) => setCondition(conditions, claim, clock), kept),
  };
}

/** How many members are in which state. */
export function countsOf(members: readonly Member[]): Required<Pick<AutoScalingGroupStatus, 'replicas' | 'inService' | 'pending' | 'standby' | 'terminating' | 'warm'>> {
  const states = members.map((member) => ({ member, state: lifecycleStateOf(member) }));
  const count = (...names: string[]): number => states.filter(({ state }) => names.includes(state)).length;
  return {
    replicas: capacityOf(members.filter(isCounting)),
    inService: count('InService'),
    pending: count('Pending', 'Pending:Wait'),
    standby: count('Standby'),
    terminating: count('Terminating', 'Terminating:Wait'),
    warm: members.filter((member) => member.spec.autoScaling.warm === true && !isLeaving(member)).length,
  };
}

/** One more than the highest number that was seen: by what the cache shows, never by what was only written. */
function nextOrdinalOf({ status }: AutoScalingGroup, members: readonly Member[]): number {
  return Math.max(status?.nextOrdinal ?? 0, ...members.map(({ spec }) => (spec.autoScaling.ordinal ?? -1) + 1));
}

function withRefresh(refreshes: readonly Refresh[], refresh: Refresh): Refresh[] {
  return [refresh, ...refreshes.filter(({ id }) => id !== refresh.id)].slice(0, REFRESHES_LIMIT);
}

/**
 * A launch that failed before there was an instance: an activity that says why, and when it is tried again. The same failure of the same wish is told
 * again only when it was tried again.
 */
function failureOf({ group, problem }: Seen, clock: Clock): { activities: Activity[]; retry: Pick<AutoScalingGroupStatus, 'retryAt' | 'launchFailures'> } {
  const { status, metadata } = group;
  if (problem === undefined || problem.reason === 'LaunchFailed') return { activities: [], retry: {} };
  const failures = status?.launchFailures ?? 0;
  const isSame = status?.conditions?.some(({ type, status: verdict, message }) => type === AutoScalingGroupConditions.launchable && verdict === 'False' && message === problem.message) ?? false;
  const isWaiting = status?.retryAt !== undefined && Date.parse(status.retryAt) > clock.now();
  if (isSame && isWaiting && status?.observedGeneration === metadata.generation) return { activities: [], retry: { retryAt: status.retryAt, launchFailures: failures } };
  const now = timestampOf(clock);
  const activity: Activity = {
    activityId: uuidFrom(`${metadata.uid ?? ''}/failure/${now}/${problem.message}`),
    description: `Launching a new EC2 instance.  Status Reason: ${problem.message} Launching EC2 instance failed.`.slice(0, 1024),
    cause: `At ${now} an instance was started in response to a difference between desired and actual capacity.`,
    startTime: now,
    endTime: now,
    statusCode: 'Failed',
    statusMessage: `${problem.message} Launching EC2 instance failed.`.slice(0, 1023),
    progress: 100,
  };
  const next = isSame ? failures + 1 : 1;
  return { activities: [activity], retry: { retryAt: new Date(clock.now() + delayAfter(next) * 1000).toISOString().replace(/\.\d{3}Z$/, 'Z'), launchFailures: next } };
}

function claimsOf({ group, members, problem, topics }: Seen): ConditionClaim[] {
  const observedGeneration = group.metadata.generation ?? 0;
  const inService = capacityOf(members.filter((member) => lifecycleStateOf(member) === 'InService'));
  const desired = desiredCapacityOf(group);
  const isBeyond = group.spec.desiredCapacity !== undefined && group.spec.desiredCapacity !== desired;
  const limits = isBeyond ? ` desiredCapacity ${String(group.spec.desiredCapacity)} is beyond minSize ${String(group.spec.minSize)} and maxSize ${String(group.spec.maxSize)}.` : '';
  return [
    { type: AutoScalingGroupConditions.reconciled, status: 'True', reason: 'Reconciled', message: 'The group is kept as the spec says.', observedGeneration },
    problem === undefined
      ? { type: AutoScalingGroupConditions.launchable, status: 'True', reason: 'Launchable', message: 'Instances can be launched.', observedGeneration }
      : { type: AutoScalingGroupConditions.launchable, status: 'False', reason: problem.reason, message: problem.message, observedGeneration },
    inService >= desired
      ? { type: AutoScalingGroupConditions.atCapacity, status: 'True', reason: isBeyond ? 'BeyondLimits' : 'AtDesiredCapacity', message: `As much capacity is in service as is desired.${limits}`, observedGeneration }
      : { type: AutoScalingGroupConditions.atCapacity, status: 'False', reason: problem?.reason ?? 'Launching', message: `Less capacity is in service than is desired.${limits}`, observedGeneration },
    ...topicClaims(group, topics),
  ];
}

function topicClaims(group: AutoScalingGroup, topics: Seen['topics']): ConditionClaim[] {
  const named = [...topicsNamedBy(group).keys()];
  if (named.length === 0) return [];
  const missing = named.filter((arn) => !topics.some(({ topicARN }) => topicARN === arn));
  const observedGeneration = group.metadata.generation ?? 0;
  const type = AutoScalingGroupConditions.topicsFound;
  if (missing.length === 0) return [{ type, status: 'True', reason: 'TopicsFound', message: 'Every topic that is named leads to a webhook.', observedGeneration }];
  const message = `No NotificationTopic of this namespace has the ARN ${missing.join(', ')}: what it is to be told is told by events only.`;
  return [{ type, status: 'False', reason: 'TopicNotFound', message, observedGeneration }];
}

import { AUTO_SCALING_GROUP_FINALIZER, type AutoScalingGroupStatus } from '../../api/auto-scaling/auto-scaling-group.ts';
import { healthProblemOf } from '../../api/auto-scaling/auto-scaling-health.ts';
import type { Member } from '../../api/auto-scaling/auto-scaling-member.ts';
import type { DesiredConfiguration } from '../../api/auto-scaling/auto-scaling-refresh.ts';
import { isSameJson, mergePatchFrom } from '../../kubernetes/merge-patch.ts';
import { AutoScalingGroup } from '../../kubernetes/resources.ts';
import type { EventRecord, Write } from '../../kubernetes/write.ts';
import type { Outcome, ReconcileContext } from '../../runtime/reconcile.ts';
import { settleHooks } from './hooks.ts';
import { isCounting, membersOf } from './indexes.ts';
import { notify, notifyOfFailures, testTopics } from './notify.ts';
import { refreshStepFor, type RefreshStep } from './refresh.ts';
import { carryOutRequests } from './requests.ts';
import { resize, type Resized } from './resize.ts';
import { statusFrom } from './status.ts';
import { tearDown } from './tear-down.ts';
import { topicsFor } from './topics.ts';
import { settleWarmMembers } from './warm-pool.ts';

/** What an administrator decides about groups. */
export interface GroupSettings {
  region: string;
}

/** While instances come and go the numbers of the status are written this often at most: one write for many changes. */
const STATUS_PAUSE_MILLISECONDS = 1000;

/** Keeps a group as its spec says. What it needs to know of single instances stands in the Instances; nothing is remembered between passes but when the status was last written. */
export function reconciler({ region }: GroupSettings): (group: AutoScalingGroup, context: ReconcileContext) => Promise<Outcome<AutoScalingGroupStatus> | undefined> {
  const pace = new StatusPace();
  return async (group, context) => {
    const topics = topicsFor(group, context.read, region);
    if (group.metadata.deletionTimestamp !== undefined) return tearDown(group, topics, context);
    const held = await adopt(group, context.write);
    const carried = await carryOutRequests(held, membersOf(held, context.read), context);
    const waiting = await settleHooks(carried.members, carried.group, topics, context);
    const settled = await settleWarmMembers(waiting.members, carried.group, context);
    const step = refreshStepFor(carried.group, settled, context.read, context.clock);
    const resized = await resize(carried.group, settled, step, context, region);
    const current = step.adopt === undefined ? carried.group : await adoptConfiguration(carried.group, step.adopt, context.write);
    const { problem } = resized;
    const members = await notify(current, resized.members, topics, context);
    const tested = await testTopics(current, topics, context);
    const status = statusFrom({ group: current, members, activities: carried.activities, refresh: step.refresh, problem, topics: tested }, context.clock);
    await notifyOfFailures(current, status, topics, context);
    return pace.paced(group, { status, events: eventsFrom(group, status), ...nextLook(status, step, resized, waiting.nextDeadline, members, current, context) }, context.clock.now());
  };
}

/** Keeps the group until its instances are ended, and writes down the desired capacity that nobody has named: from now on only changes count. */
async function adopt(group: AutoScalingGroup, write: Write): Promise<AutoScalingGroup> {
  const { namespace, name, resourceVersion, finalizers = [] } = group.metadata;
  const isHeld = finalizers.includes(AUTO_SCALING_GROUP_FINALIZER);
  if (isHeld && group.spec.desiredCapacity !== undefined) return group;
  return write.patch(AutoScalingGroup, { namespace, name }, {
    metadata: { resourceVersion, ...(!isHeld && { finalizers: [...finalizers, AUTO_SCALING_GROUP_FINALIZER] }) },
    ...(group.spec.desiredCapacity === undefined && { spec: { desiredCapacity: group.spec.minSize } }),
  });
}

/** After a refresh the group launches from what its instances are made of. */
async function adoptConfiguration(group: AutoScalingGroup, { launchTemplate, mixedInstancesPolicy }: DesiredConfiguration, write: Write): Promise<AutoScalingGroup> {
  const { namespace, name, resourceVersion } = group.metadata;
  const spec = mergePatchFrom(group.spec, { ...group.spec, launchConfigurationName: undefined, launchTemplate, mixedInstancesPolicy });
  return spec === undefined ? group : write.patch(AutoScalingGroup, { namespace, name }, { metadata: { resourceVersion }, spec });
}

function nextLook(
  status: AutoScalingGroupStatus,
  step: RefreshStep,
  { isMoreToDo, retryAt }: Resized,
  hookDeadline: number,
  members: readonly Member[],
  group: AutoScalingGroup,
  { clock }: ReconcileContext,
): { requeueAfterSeconds?: number } {
  const now = clock.now();
  const health = members.filter(isCounting).map((member) => healthProblemOf(member, group)?.from ?? Number.POSITIVE_INFINITY);
  const lifetime = (group.spec.maxInstanceLifetime ?? 0) > 0 ? members.filter(isCounting).map((member) => Date.parse(member.status?.launchTime ?? '') + (group.spec.maxInstanceLifetime ?? 0) * 1000) : [];
  const times = [
    isMoreToDo ? now : Number.POSITIVE_INFINITY,
    retryAt > now ? retryAt : Number.POSITIVE_INFINITY,
    status.retryAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(status.retryAt),
    hookDeadline,
    step.nextLook,
    ...health.filter((time) => time > now),
    ...lifetime.filter((time) => time > now),
  ];
  const next = Math.min(...times);
  return Number.isFinite(next) ? { requeueAfterSeconds: Math.max(0.1, (next - now) / 1000) } : {};
}

/** Transitions only: what single instances do is told by their own events. */
function eventsFrom(group: AutoScalingGroup, status: AutoScalingGroupStatus): EventRecord[] {
  const before = group.status;
  const launchable = status.conditions?.find(({ type }) => type === 'Launchable');
  const was = before?.conditions?.find(({ type }) => type === 'Launchable');
  const refresh = status.instanceRefreshes?.[0];
  const events: EventRecord[] = [];
  if (launchable?.status === 'False' && was?.reason !== launchable.reason) events.push({ type: 'Warning', reason: launchable.reason, message: launchable.message });
  if (before?.desiredCapacity !== undefined && before.desiredCapacity !== status.desiredCapacity) {
    events.push({ type: 'Normal', reason: 'Resized', message: `The desired capacity is ${String(status.desiredCapacity)}, it was ${String(before.desiredCapacity)}.` });
  }
  if (refresh !== undefined && refresh.status !== before?.instanceRefreshes?.find(({ id }) => id === refresh.id)?.status) {
    events.push({ type: 'Normal', reason: 'InstanceRefresh', message: `Instance refresh ${refresh.id} is ${refresh.status}.` });
  }
  return events;
}

/** When the statuses of groups were last written by this process. Nothing is lost with it: the numbers are computed anew in each pass. */
class StatusPace {
  readonly #writtenAt = new Map<string, number>();

  /** Puts the writing of mere numbers off while the last write is fresh. */
  paced(group: AutoScalingGroup, outcome: Outcome<AutoScalingGroupStatus>, now: number): Outcome<AutoScalingGroupStatus> {
    const key = group.metadata.uid ?? '';
    const left = (this.#writtenAt.get(key) ?? 0) + STATUS_PAUSE_MILLISECONDS - now;
    const before = group.status ?? {};
    if (isSameJson(before, outcome.status)) return outcome;
    if (left > 0 && left <= STATUS_PAUSE_MILLISECONDS && isSameJson(withoutNumbers(before), withoutNumbers(outcome.status))) {
      return { status: before, requeueAfterSeconds: Math.min(left / 1000, outcome.requeueAfterSeconds ?? Number.POSITIVE_INFINITY) };
    }
    if (this.#writtenAt.size > 10_000) this.#writtenAt.clear();
    this.#writtenAt.set(key, now);
    return outcome;
  }
}

function withoutNumbers({ replicas: _replicas, inService: _inService, pending: _pending, terminating: _terminating, warm: _warm, nextOrdinal: _next, ...rest }: AutoScalingGroupStatus): AutoScalingGroupStatus {
  return rest;
}

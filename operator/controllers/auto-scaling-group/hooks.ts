import { globalTimeoutOf } from '../../api/auto-scaling/auto-scaling-lifecycle-hook.ts';
import { hasStarted, isEnding, isLeaving, openActionsOf, type Member } from '../../api/auto-scaling/auto-scaling-member.ts';
import type { LifecycleAction } from '../../api/auto-scaling/auto-scaling-membership.ts';
import { lifecycleMessage } from '../../api/auto-scaling/auto-scaling-messages.ts';
import { ec2IdOf } from '../../api/ec2-id.ts';
import type { AutoScalingGroup } from '../../kubernetes/resources.ts';
import type { EventRecord, Json } from '../../kubernetes/write.ts';
import type { ReconcileContext } from '../../runtime/reconcile.ts';
import { timestampOf } from '../instance/times.ts';
import { endMembers, patched, terminate } from './end-members.ts';
import { withChanged } from './indexes.ts';
import { publish, type Topics } from './topics.ts';

/** What the step about lifecycle hooks ends with. */
export interface Held {
  members: Member[];
  /** When the next wait is over, milliseconds since the epoch. */
  nextDeadline: number;
}

/**
 * Carries lifecycle actions on: a wait begins when the instance is up, ends with its result or, in time, with the default one; then a launch goes into
 * service or is given up, and a termination goes on.
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/lifecycle-hooks-overview.html
 */
export async function settleHooks(members: readonly Member[], group: AutoScalingGroup, topics: Topics, context: ReconcileContext): Promise<Held> {
  let nextDeadline = Number.POSITIVE_INFINITY;
  const changed: Member[] = [];
  for (const member of members) {
    if (member.spec.autoScaling.lifecycleActions === undefined || isEnding(member)) continue;
    const settled = await settle(member, group, topics, context);
    if (settled === undefined) continue;
    if (settled !== member) changed.push(settled);
    for (const action of waitingOf(settled)) nextDeadline = Math.min(nextDeadline, deadlineOf(action));
  }
  return { members: withChanged(members, changed), nextDeadline };
}

function transitionOf(member: Member): LifecycleAction['lifecycleTransition'] {
  return isLeaving(member) ? 'autoscaling:EC2_INSTANCE_TERMINATING' : 'autoscaling:EC2_INSTANCE_LAUNCHING';
}

function waitingOf(member: Member): LifecycleAction[] {
  return openActionsOf(member, transitionOf(member)).filter(({ startedAt }) => startedAt !== undefined);
}

function deadlineOf({ startedAt, heartbeatAt, heartbeatTimeout }: LifecycleAction): number {
  const start = Date.parse(startedAt ?? '');
  const beat = heartbeatAt === undefined ? start : Math.max(start, Date.parse(heartbeatAt));
  return Math.min(beat + heartbeatTimeout * 1000, start + globalTimeoutOf({ heartbeatTimeout }) * 1000);
}

async function settle(member: Member, group: AutoScalingGroup, topics: Topics, context: ReconcileContext): Promise<Member | undefined> {
  const current = await advance(member, group, topics, context);
  if (current === undefined) return undefined;
  const transition = transitionOf(current);
  const actions = (current.spec.autoScaling.lifecycleActions ?? []).filter(({ lifecycleTransition }) => lifecycleTransition === transition);
  const isAbandoned = actions.some(({ result }) => result === 'ABANDON');
  const isOpen = actions.some(({ result }) => result === undefined);
  if (transition === 'autoscaling:EC2_INSTANCE_TERMINATING') return isOpen && !isAbandoned ? current : terminate(current, {}, context);
  if (!isAbandoned) return current;
  const cause = `At ${timestampOf(context.clock)} an instance was taken out of service in response to a lifecycle action that was abandoned.`;
  const [ended] = await endMembers([{ member: current, reason: 'abandoned', cause, isAbrupt: true }], group, context);
  return ended;
}

/** Begins waits whose time has come, and gives the default result to those that are overdue; one write for both. */
async function advance(member: Member, group: AutoScalingGroup, topics: Topics, context: ReconcileContext): Promise<Member | undefined> {
  const transition = transitionOf(member);
  if (transition === 'autoscaling:EC2_INSTANCE_LAUNCHING' && !hasStarted(member)) return member;
  const now = context.clock.now();
  const before = member.spec.autoScaling.lifecycleActions ?? [];
  const after = before.map((action): LifecycleAction => {
    if (action.lifecycleTransition !== transition || action.result !== undefined) return action;
    if (action.startedAt === undefined) return { ...action, startedAt: timestampOf(context.clock) };
    return deadlineOf(action) <= now ? { ...action, result: action.defaultResult } : action;
  });
  if (after.every((action, position) => action === before[position])) return member;
  const begun = after.filter((action, position) => action.startedAt !== undefined && before[position]?.startedAt === undefined);
  // Before the wait stands in the member: who is told twice finds the same token, who is not told would let the instance wait in vain.
  for (const action of begun) await publishWait(action, member, group, topics, context);
  const written = await patched(member, { autoScaling: { lifecycleActions: after as unknown as Json } }, context, { resourceVersion: member.metadata.resourceVersion });
  for (const action of begun) await context.write.event(group, waitingEvent(member, action));
  return written;
}

async function publishWait(action: LifecycleAction, member: Member, group: AutoScalingGroup, topics: Topics, context: ReconcileContext): Promise<void> {
  const { lifecycleHookName, lifecycleTransition, startedAt = timestampOf(context.clock) } = action;
  const hook = group.spec.lifecycleHooks?.find((other) => other.lifecycleHookName === lifecycleHookName && other.lifecycleTransition === lifecycleTransition);
  const topic = topics.byArn.get(hook?.notificationTargetARN ?? '');
  if (hook === undefined || topic === undefined) return;
  await publish(lifecycleMessage(action, hook, member, group, topics.owner.accountId, startedAt), topic, group, context);
}

/** What a hook tells the world: who wants to complete the action finds all that it takes here. */
function waitingEvent(member: Member, { lifecycleHookName, lifecycleTransition, lifecycleActionToken }: LifecycleAction): EventRecord {
  const what = lifecycleTransition === 'autoscaling:EC2_INSTANCE_LAUNCHING' ? 'launch' : 'termination';
  return {
    type: 'Normal',
    reason: 'LifecycleAction',
    message: `The ${what} of ${ec2IdOf('i', member)} waits for the hook ${lifecycleHookName}; token ${lifecycleActionToken}.`,
  };
}

import { desiredCapacityOf } from '../../api/auto-scaling/auto-scaling-group.ts';
import { isLeaving, lifecycleStateOf, type Member } from '../../api/auto-scaling/auto-scaling-member.ts';
import type { AutoScalingGroup } from '../../kubernetes/resources.ts';
import type { ReconcileContext } from '../../runtime/reconcile.ts';
import { timestampOf } from '../instance/times.ts';
import { atOnce } from './at-once.ts';
import { patched } from './end-members.ts';
import { isCounting, withChanged } from './indexes.ts';

/** Members that wait in the warm pool or are on their way there. */
export function warmMembersOf(members: readonly Member[]): Member[] {
  return members.filter((member) => member.spec.autoScaling.warm === true && !isLeaving(member));
}

/** How many instances the pool should hold. @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PutWarmPool.html */
export function warmPoolSizeOf(group: AutoScalingGroup): number {
  const { warmPool, maxSize } = group.spec;
  if (warmPool === undefined) return 0;
  return Math.max(warmPool.minSize, (warmPool.maxGroupPreparedCapacity ?? maxSize) - desiredCapacityOf(group));
}

/** Stops instances of the pool that are up, where the pool's instances wait stopped. One whose root is an instance store cannot be: it waits running. */
export async function settleWarmMembers(members: readonly Member[], group: AutoScalingGroup, context: ReconcileContext): Promise<Member[]> {
  if (group.spec.warmPool?.poolState !== 'Stopped') return [...members];
  const up = warmMembersOf(members).filter(
    (member) => lifecycleStateOf(member) === 'Warmed:Running' && member.spec.powerState === 'running' && member.status?.state === 'running' && member.status.rootDeviceType !== 'instance-store',
  );
  const stopped = await atOnce(up, (member) => patched(member, { powerState: 'stopped' }, context));
  return withChanged(members, stopped.flatMap((member) => member ?? []));
}

/** Takes up to so many instances out of the pool into the group; those that are ready first. */
export async function takeFromPool(count: number, members: readonly Member[], causeOf: (position: number) => string, context: ReconcileContext): Promise<Member[]> {
  const rank: Readonly<Record<string, number>> = { 'Warmed:Running': 0, 'Warmed:Stopped': 1 };
  const ready = warmMembersOf(members)
    .filter((member) => lifecycleStateOf(member) in rank)
    .toSorted((left, right) => (rank[lifecycleStateOf(left)] ?? 2) - (rank[lifecycleStateOf(right)] ?? 2));
  const taken = await atOnce([...ready.slice(0, count).entries()], async ([position, member]) =>
    patched(member, { powerState: 'running', autoScaling: { warm: null, cause: causeOf(position).slice(0, 1023), attachedAt: timestampOf(context.clock) } }, context),
  );
  return taken.flatMap((member) => member ?? []);
}

/** Members that scale-in returns to the pool, if the pool takes them back; empty otherwise. */
export async function returnToPool(victims: readonly Member[], members: readonly Member[], group: AutoScalingGroup, context: ReconcileContext): Promise<Member[]> {
  const { warmPool } = group.spec;
  if (warmPool?.reuseOnScaleIn !== true) return [];
  const room = Math.max(0, warmPoolSizeOf(group) - warmMembersOf(members).length);
  const returned = await atOnce(victims.filter(isCounting).slice(0, room), (member) => patched(member, { autoScaling: { warm: true } }, context));
  return returned.flatMap((member) => member ?? []);
}

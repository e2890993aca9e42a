import { AUTO_SCALING_GROUP_FINALIZER, type AutoScalingGroupStatus } from '../../api/auto-scaling/auto-scaling-group.ts';
import { isEnding } from '../../api/auto-scaling/auto-scaling-member.ts';
import { isNotFound } from '../../kubernetes/errors.ts';
import { AutoScalingGroup } from '../../kubernetes/resources.ts';
import type { Outcome, ReconcileContext } from '../../runtime/reconcile.ts';
import { causeOfRemoval } from './causes.ts';
import { endMembers, terminate } from './end-members.ts';
import { membersOf, withChanged } from './indexes.ts';
import { notify } from './notify.ts';
import { countsOf } from './status.ts';
import type { Topics } from './topics.ts';
import { atOnce } from './at-once.ts';

/** The group is being deleted: its instances end, without waiting for hooks, then the group goes. */
export async function tearDown(group: AutoScalingGroup, topics: Topics, context: ReconcileContext): Promise<Outcome<AutoScalingGroupStatus> | undefined> {
  const finalizers = group.metadata.finalizers ?? [];
  if (!finalizers.includes(AUTO_SCALING_GROUP_FINALIZER)) return undefined;
  const members = membersOf(group, context.read);
  const cause = causeOfRemoval('the deletion of the group.', context.clock);
  const fresh = members.filter((member) => !isEnding(member) && member.spec.autoScaling.leaving === undefined);
  const held = members.filter((member) => !isEnding(member) && member.spec.autoScaling.leaving !== undefined);
  const ended = await endMembers(fresh.map((member) => ({ member, reason: 'group-deleted', cause, isAbrupt: true })), group, context);
  const released = await atOnce(held, (member) => terminate(member, {}, context));
  const left = await notify(group, withChanged(members, [...ended, ...released.flatMap((member) => member ?? [])]), topics, context);
  if (left.every(({ status }) => status?.state === 'terminated')) {
    await release(group, context);
    return undefined;
  }
  return { status: { ...group.status, ...countsOf(left), observedGeneration: group.metadata.generation ?? 0 } };
}

async function release({ metadata }: AutoScalingGroup, { write }: ReconcileContext): Promise<void> {
  const { namespace, name, resourceVersion, finalizers = [] } = metadata;
  const rest = finalizers.filter((finalizer) => finalizer !== AUTO_SCALING_GROUP_FINALIZER);
  await write.patch(AutoScalingGroup, { namespace, name }, { metadata: { resourceVersion, finalizers: rest } }).catch((error: unknown) => {
    if (!isNotFound(error)) throw error; // an earlier pass let it go, and the cache lags
  });
}

import { desiredCapacityOf, type AutoScalingGroup } from '../../api/auto-scaling/auto-scaling-group.ts';
import { isLeaving, isMemberOf, lifecycleStateOf, weightOf } from '../../api/auto-scaling/auto-scaling-member.ts';
import type { ScalingPolicy } from '../../api/auto-scaling/scaling-policy.ts';
import type { Read } from '../../kubernetes/read.ts';
import { Instance } from '../../kubernetes/resources.ts';

/** What policies reckon with. */
export interface GroupCapacity {
  desired: number;
  /** Capacity that does not yet show in the metrics: on its way, or younger than the warm-up. */
  warming: number;
  /** When the last instance is warm, in milliseconds since the epoch; undefined if none is warming or it cannot be told. */
  warmAt: number | undefined;
}

/** Seconds until a new instance counts. */
export function warmupSecondsOf({ spec }: ScalingPolicy, group: AutoScalingGroup): number {
  const ofGroup = group.spec.defaultInstanceWarmup ?? -1;
  return spec.estimatedInstanceWarmup ?? (ofGroup >= 0 ? ofGroup : group.spec.defaultCooldown);
}

/** Capacity of a group, with what is still warming. Pure but for `read`. */
export function groupCapacityOf(group: AutoScalingGroup, warmupSeconds: number, read: Read, now: number): GroupCapacity {
  const desired = desiredCapacityOf(group);
  const members = read.list(Instance, group.metadata.namespace).filter((instance) => isMemberOf(group, instance)).filter((member) => !isLeaving(member));
  const counted = members.filter((member) => member.spec.autoScaling.warm !== true && member.spec.autoScaling.standby !== true);
  let warm = 0;
  let warmAt: number | undefined;
  for (const member of counted) {
    const bornAt = Date.parse(member.metadata.creationTimestamp ?? '') || now;
    const readyAt = bornAt + warmupSeconds * 1000;
    if (lifecycleStateOf(member) === 'InService' && readyAt <= now) warm += weightOf(member);
    else if (readyAt > now) warmAt = Math.max(warmAt ?? 0, readyAt);
  }
  return { desired, warming: Math.max(0, desired - warm), warmAt };
}

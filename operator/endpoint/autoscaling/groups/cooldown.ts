import { activityUnderWay, lastActivityEnd } from '../../../api/auto-scaling/auto-scaling-activities.ts';
import type { Member } from '../../../api/auto-scaling/auto-scaling-member.ts';
import { uuidFrom } from '../../../api/identity/unique-id.ts';
import type { Clock } from '../../../kubernetes/clock.ts';
import type { AutoScalingGroup } from '../../../kubernetes/resources.ts';
import { AwsError } from '../../errors.ts';

/**
 * Refuses what has to wait for the cooldown after the last activity.
 * @throws AwsError ScalingActivityInProgress
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-scaling-cooldowns.html
 */
export function requireNoCooldown(group: AutoScalingGroup, members: readonly Member[], clock: Clock): void {
  const underWay = activityUnderWay(group, members);
  const isCooling = clock.now() < lastActivityEnd(group, members) + group.spec.defaultCooldown * 1000;
  if (underWay === undefined && !isCooling) return;
  const id = underWay?.activityId ?? uuidFrom(`${group.metadata.uid ?? ''}/cooldown`);
  throw new AwsError('ScalingActivityInProgress', `Scaling activity ${id} is in progress and blocks this action`);
}

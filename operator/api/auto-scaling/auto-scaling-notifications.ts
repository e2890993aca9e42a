import { launchActivityOf, terminationActivityOf } from './auto-scaling-activities.ts';
import type { Activity } from './auto-scaling-activity.ts';
import type { AutoScalingGroup } from './auto-scaling-group.ts';
import type { Member } from './auto-scaling-member.ts';
import type { NotificationType } from './auto-scaling-notification-type.ts';

/** Something that a group may be asked to tell. */
export interface Notification {
  type: NotificationType;
  activity: Activity;
}

/** What there is to tell of a member: how its launch went, and that it has ended. A termination is tried until it is done, so it never fails. Pure. */
export function notificationsOf(member: Member): Notification[] {
  const launch = launchActivityOf(member);
  const [termination] = terminationActivityOf(member);
  return [
    ...(launch.statusCode === 'Successful' ? [{ type: 'autoscaling:EC2_INSTANCE_LAUNCH' as const, activity: launch }] : []),
    ...(launch.statusCode === 'Failed' ? [{ type: 'autoscaling:EC2_INSTANCE_LAUNCH_ERROR' as const, activity: launch }] : []),
    ...(termination?.statusCode === 'Successful' ? [{ type: 'autoscaling:EC2_INSTANCE_TERMINATE' as const, activity: termination }] : []),
  ];
}

/** What the group is asked to tell, whatever topic it is meant for. Pure. */
export function notificationTypesOf({ spec }: AutoScalingGroup): NotificationType[] {
  return [...new Set((spec.notificationConfigurations ?? []).flatMap(({ notificationTypes }) => notificationTypes))];
}

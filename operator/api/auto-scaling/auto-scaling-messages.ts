import { activityDetailsOf, type Activity } from './auto-scaling-activity.ts';
import { autoScalingGroupArnOf, autoScalingGroupNameOf, type AutoScalingGroup } from './auto-scaling-group.ts';
import type { LifecycleHook } from './auto-scaling-lifecycle-hook.ts';
import type { Member } from './auto-scaling-member.ts';
import type { LifecycleAction } from './auto-scaling-membership.ts';
import type { NotificationType } from './auto-scaling-notification-type.ts';
import { ec2IdOf } from '../ec2-id.ts';
import { uuidFrom } from '../identity/unique-id.ts';

/** Whose group it is, for ARNs. */
export interface GroupOwner {
  region: string;
  accountId: string;
}

/** A message to a topic: everything follows from what it is about, so that whoever makes it again makes the same. */
export interface TopicMessage {
  /** UUID. */
  id: string;
  subject: string;
  /** JSON. */
  message: string;
}

const SERVICE = 'AWS Auto Scaling';
const SUBJECT_LIMIT = 100;

const subjects: Readonly<Record<NotificationType, string>> = {
  'autoscaling:EC2_INSTANCE_LAUNCH': 'launch',
  'autoscaling:EC2_INSTANCE_LAUNCH_ERROR': 'failed launch',
  'autoscaling:EC2_INSTANCE_TERMINATE': 'termination',
  'autoscaling:EC2_INSTANCE_TERMINATE_ERROR': 'failed termination',
  'autoscaling:TEST_NOTIFICATION': 'test notification',
};

function subjectOf(what: string, group: AutoScalingGroup): string {
  return `Auto Scaling: ${what} for group "${autoScalingGroupNameOf(group)}"`.slice(0, SUBJECT_LIMIT);
}

function timeOf(time: string): string {
  return new Date(time).toISOString();
}

/**
 * The message about an activity that is over.
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-sns-notifications.html
 */
export function activityMessage(type: NotificationType, activity: Activity, group: AutoScalingGroup, owner: GroupOwner, topicArn: string): TopicMessage {
  const { region, accountId } = owner;
  const { activityId, startTime, endTime = startTime } = activity;
  const message = {
    Progress: activity.progress,
    AccountId: accountId,
    Description: activity.description,
    RequestId: activityId,
    EndTime: timeOf(endTime),
    AutoScalingGroupARN: autoScalingGroupArnOf(group, region, accountId),
    ActivityId: activityId,
    StartTime: timeOf(startTime),
    Service: SERVICE,
    Time: timeOf(endTime),
    EC2InstanceId: activity.instanceId ?? '',
    StatusCode: activity.statusCode,
    StatusMessage: activity.statusMessage ?? '',
    Details: activityDetailsOf(activity),
    AutoScalingGroupName: autoScalingGroupNameOf(group),
    Cause: activity.cause,
    Event: type,
  };
  return { id: uuidFrom(`${topicArn}/${activityId}/${type}`), subject: subjectOf(subjects[type], group), message: JSON.stringify(message) };
}

/**
 * The message about a wait for a lifecycle hook, which has all that it takes to end it.
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/prepare-for-lifecycle-notifications.html
 */
export function lifecycleMessage(action: LifecycleAction, hook: LifecycleHook, member: Member, group: AutoScalingGroup, accountId: string, at: string): TopicMessage {
  const isLaunch = action.lifecycleTransition === 'autoscaling:EC2_INSTANCE_LAUNCHING';
  const place = member.spec.autoScaling.warm === true ? 'WarmPool' : 'AutoScalingGroup';
  const message = {
    Origin: isLaunch ? 'EC2' : place,
    LifecycleHookName: action.lifecycleHookName,
    Destination: isLaunch ? place : 'EC2',
    AccountId: accountId,
    RequestId: uuidFrom(`${action.lifecycleActionToken}/request`),
    LifecycleTransition: action.lifecycleTransition,
    AutoScalingGroupName: autoScalingGroupNameOf(group),
    Service: SERVICE,
    Time: timeOf(at),
    EC2InstanceId: ec2IdOf('i', member),
    ...(hook.notificationMetadata !== undefined && { NotificationMetadata: hook.notificationMetadata }),
    LifecycleActionToken: action.lifecycleActionToken,
  };
  const id = uuidFrom(`${hook.notificationTargetARN ?? ''}/${action.lifecycleActionToken}`);
  return { id, subject: subjectOf('Lifecycle action', group), message: JSON.stringify(message) };
}

/** The message that a topic gets when a group is told to use it. */
export function testMessage(group: AutoScalingGroup, { region, accountId }: GroupOwner, topicArn: string, at: string): TopicMessage {
  const type = 'autoscaling:TEST_NOTIFICATION';
  const id = uuidFrom(`${topicArn}/${group.metadata.uid ?? ''}/${group.metadata.generation ?? 0}/${type}`);
  const message = {
    AccountId: accountId,
    RequestId: uuidFrom(`${id}/request`),
    AutoScalingGroupARN: autoScalingGroupArnOf(group, region, accountId),
    AutoScalingGroupName: autoScalingGroupNameOf(group),
    Service: SERVICE,
    Event: type,
    Time: timeOf(at),
  };
  return { id, subject: subjectOf(subjects[type], group), message: JSON.stringify(message) };
}

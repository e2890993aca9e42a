import type { AutoScalingGroupStatus } from '../../api/auto-scaling/auto-scaling-group.ts';
import type { Member } from '../../api/auto-scaling/auto-scaling-member.ts';
import type { NotificationType } from '../../api/auto-scaling/auto-scaling-notification-type.ts';
import { activityMessage, testMessage } from '../../api/auto-scaling/auto-scaling-messages.ts';
import { notificationsOf, notificationTypesOf, type Notification } from '../../api/auto-scaling/auto-scaling-notifications.ts';
import type { Clock } from '../../kubernetes/clock.ts';
import { isSameJson } from '../../kubernetes/merge-patch.ts';
import type { AutoScalingGroup } from '../../kubernetes/resources.ts';
import type { EventRecord } from '../../kubernetes/write.ts';
import type { ReconcileContext } from '../../runtime/reconcile.ts';
import { timestampOf } from '../instance/times.ts';
import { atOnce } from './at-once.ts';
import { patched } from './end-members.ts';
import { withChanged } from './indexes.ts';
import { publish, topicsNamedBy, type Topics } from './topics.ts';

type Writing = Pick<ReconcileContext, 'write'>;
type TestedTopics = NonNullable<AutoScalingGroupStatus['topics']>;

/** Kubernetes' names of what is told. */
const reasons: Readonly<Record<NotificationType, string>> = {
  'autoscaling:EC2_INSTANCE_LAUNCH': 'Ec2InstanceLaunch',
  'autoscaling:EC2_INSTANCE_LAUNCH_ERROR': 'Ec2InstanceLaunchError',
  'autoscaling:EC2_INSTANCE_TERMINATE': 'Ec2InstanceTerminate',
  'autoscaling:EC2_INSTANCE_TERMINATE_ERROR': 'Ec2InstanceTerminateError',
  'autoscaling:TEST_NOTIFICATION': 'TestNotification',
};

/** Since when which notifications are asked for: what was before is not told. Pure but for the clock. */
export function notifyingOf(group: AutoScalingGroup, clock: Clock): NonNullable<AutoScalingGroupStatus['notifying']> {
  const before = group.status?.notifying ?? [];
  return notificationTypesOf(group).map((type) => before.find((known) => known.type === type) ?? { type, since: timestampOf(clock) });
}

/**
 * Tells, by events of the group and messages to topics, what its notification configurations ask for and a member has not told yet. After a crash an event
 * may come twice, and a message may be sent twice under one id, but none is lost.
 */
export async function notify(group: AutoScalingGroup, members: readonly Member[], topics: Topics, { write }: Writing): Promise<Member[]> {
  const since = sinceByType(group);
  if (since.size === 0) return [...members];
  const due = members.flatMap((member) => {
    const told = member.spec.autoScaling.told ?? [];
    const fresh = notificationsOf(member).filter(({ type, activity }) => !told.includes(type) && Date.parse(activity.endTime ?? '') >= (since.get(type) ?? Number.POSITIVE_INFINITY));
    return fresh.length === 0 ? [] : [{ member, told, fresh }];
  });
  const changed = await atOnce(due, async ({ member, told, fresh }) => {
    for (const notification of fresh) await tell(notification, group, topics, { write });
    return patched(member, { autoScaling: { told: [...told, ...fresh.map(({ type }) => type)] } }, { write });
  });
  return withChanged(members, changed.flatMap((member) => member ?? []));
}

/** The same for launches that failed before there was an instance, as the status is about to tell. */
export async function notifyOfFailures(group: AutoScalingGroup, { activities = [] }: AutoScalingGroupStatus, topics: Topics, { write }: Writing): Promise<void> {
  const type = 'autoscaling:EC2_INSTANCE_LAUNCH_ERROR';
  if (!sinceByType(group).has(type)) return;
  const known = new Set(group.status?.activities?.map(({ activityId }) => activityId));
  const fresh = activities.filter(({ activityId, statusCode, description }) => statusCode === 'Failed' && description.startsWith('Launching') && !known.has(activityId));
  for (const activity of fresh) await tell({ type, activity }, group, topics, { write });
}

/**
 * Sends a test notification to each topic that is newly named, or is to be told something else than before. Answers with what `status.topics` is from now
 * on: a topic that leads nowhere is not in it, so that it gets its test once it does.
 */
export async function testTopics(group: AutoScalingGroup, topics: Topics, { write, clock }: Writing & { clock: Clock }): Promise<TestedTopics> {
  const tested: TestedTopics = [];
  for (const [topicARN, asked] of topicsNamedBy(group)) {
    const topic = topics.byArn.get(topicARN);
    if (topic === undefined) continue;
    tested.push({ topicARN, asked });
    if (group.status?.topics?.some((known) => known.topicARN === topicARN && isSameJson(known.asked, asked))) continue;
    await publish(testMessage(group, topics.owner, topicARN, timestampOf(clock)), topic, group, { write });
  }
  return tested;
}

async function tell({ type, activity }: Notification, group: AutoScalingGroup, { owner, byArn }: Topics, { write }: Writing): Promise<void> {
  for (const { topicARN, notificationTypes } of group.spec.notificationConfigurations ?? []) {
    const topic = notificationTypes.includes(type) ? byArn.get(topicARN) : undefined;
    if (topic !== undefined) await publish(activityMessage(type, activity, group, owner, topicARN), topic, group, { write });
  }
  await write.event(group, eventOf({ type, activity }));
}

function sinceByType(group: AutoScalingGroup): Map<NotificationType, number> {
  const asked = notificationTypesOf(group);
  return new Map((group.status?.notifying ?? []).filter(({ type }) => asked.includes(type)).map(({ type, since }) => [type, Date.parse(since)]));
}

function eventOf({ type, activity: { description, statusMessage, cause } }: Notification): EventRecord {
  const kind = type.endsWith('_ERROR') ? 'Warning' : 'Normal';
  return { type: kind, reason: reasons[type], message: `${type}: ${description}. ${statusMessage ?? cause}`.slice(0, 1000) };
}

import type { GroupOwner, TopicMessage } from '../../api/auto-scaling/auto-scaling-messages.ts';
import { topicArnOf } from '../../api/notification/notification-topic.ts';
import { isAlreadyExists, isForbidden, isInvalid } from '../../kubernetes/errors.ts';
import type { Read } from '../../kubernetes/read.ts';
import { Notification, NotificationTopic, type AutoScalingGroup } from '../../kubernetes/resources.ts';
import type { ReconcileContext } from '../../runtime/reconcile.ts';
import { accountIdOfNamespace } from '../account-of-namespace.ts';
import { byAge } from '../by-age.ts';

/** Where the topics lead that a group may name. */
export interface Topics {
  owner: GroupOwner;
  byArn: ReadonlyMap<string, NotificationTopic>;
}

/** What a group and its hooks name as topics, with what each is to be told. Pure. */
export function topicsNamedBy({ spec }: AutoScalingGroup): Map<string, string[]> {
  const asked = new Map<string, string[]>();
  for (const { topicARN, notificationTypes } of spec.notificationConfigurations ?? []) asked.set(topicARN, [...notificationTypes].sort());
  for (const { lifecycleHookName, notificationTargetARN } of spec.lifecycleHooks ?? []) {
    if (notificationTargetARN !== undefined) asked.set(notificationTargetARN, [...(asked.get(notificationTargetARN) ?? []), `hook:${lifecycleHookName}`]);
  }
  return asked;
}

/** The topics of the account of a group, of several with one name the oldest. */
export function topicsFor({ metadata }: AutoScalingGroup, read: Read, region: string): Topics {
  const accountId = accountIdOfNamespace(metadata.namespace, read) ?? '';
  const topics = accountId === '' ? [] : read.list(NotificationTopic, metadata.namespace).toSorted(byAge).toReversed();
  return { owner: { region, accountId }, byArn: new Map(topics.map((topic) => [topicArnOf(topic, region, accountId), topic])) };
}

/**
 * Hands a message over to what sends it: from here on it survives whatever happens to this process. A message of that id that is there already is the
 * same. One that the API server refuses (a quota, say) is told by an event and left out: a group must not stand still for it.
 */
export async function publish(told: TopicMessage, topic: NotificationTopic, group: AutoScalingGroup, { write }: Pick<ReconcileContext, 'write'>): Promise<void> {
  const { id, subject, message } = told;
  const { namespace, name, uid = '' } = topic.metadata;
  const owner = { apiVersion: NotificationTopic.apiVersion, kind: NotificationTopic.kind, name, uid };
  try {
    await write.create(Notification, {
      apiVersion: Notification.apiVersion,
      kind: Notification.kind,
      metadata: { name: id, ...(namespace !== undefined && { namespace }), ownerReferences: [owner] },
      spec: { topic: name, subject, message },
    });
  } catch (error) {
    if (isAlreadyExists(error)) return;
    if (!isForbidden(error) && !isInvalid(error)) throw error;
    const why = `A notification for topic ${name} cannot be made: ${error.message}`.slice(0, 1000);
    await write.event(group, { type: 'Warning', reason: 'NotificationRefused', message: why });
  }
}

import { NotificationTopicConditions, topicArnOf, topicNameOf, type NotificationTopicStatus } from '../../api/notification/notification-topic.ts';
import { defineIndex, type Read } from '../../kubernetes/read.ts';
import { Notification, NotificationTopic } from '../../kubernetes/resources.ts';
import type { EventRecord } from '../../kubernetes/write.ts';
import { setCondition, type ConditionClaim } from '../../runtime/conditions.ts';
import type { Outcome, ReconcileContext } from '../../runtime/reconcile.ts';
import { accountIdOfNamespace } from '../account-of-namespace.ts';
import { byAge } from '../by-age.ts';
import { isObjection, type Objection } from '../instance/objection.ts';
import { deliver, giveUpOld } from './deliver.ts';
import { destinationOf } from './destination.ts';
import type { WebhookSettings } from './settings.ts';
import { openWebhook, type Destination, type Webhook } from './webhook.ts';

/** Messages of one topic that are on their way at the same time. */
const BATCH = 8;
/** The longest time between two tries. */
const MAX_PAUSE_SECONDS = 60;
/** How often it is looked again at what stands in the way: no watch tells of it. */
const LOOK_SECONDS = 30;

const notificationsByTopic = defineIndex(Notification, 'controllers.topic', ({ metadata, spec }) => [`${metadata.namespace ?? ''}/${spec.topic}`]);

/**
 * Sends what waits for a topic. Each message is an object until its receiver has taken it, so nothing is lost with this process; the pauses between tries
 * stand in the status. One pass sends one batch: a slow receiver holds up nobody but itself.
 */
export function reconciler(settings: WebhookSettings, open: (destination: Destination) => Webhook = openWebhook) {
  const taken = new Set<string>();
  return async (topic: NotificationTopic, context: ReconcileContext): Promise<Outcome<NotificationTopicStatus> | undefined> => {
    if (topic.metadata.deletionTimestamp !== undefined) return undefined;
    const { clock, read } = context;
    const waiting = await giveUpOld(topic, read.byIndex(notificationsByTopic, `${topic.metadata.namespace ?? ''}/${topic.metadata.name}`), context);
    const isNew = topic.status?.observedGeneration !== topic.metadata.generation;
    const rest = isNew ? 0 : Date.parse(topic.status?.retryAt ?? '') - clock.now();
    if (rest > 0) return { status: topic.status ?? {}, requeueAfterSeconds: Math.max(0.1, rest / 1000) };
    if (waiting.length === 0 && !isNew && isReady(topic)) return { status: withoutPause(topic.status) };
    const arn = arnOf(topic, read, settings.region);
    if (isObjection(arn)) return outcomeFrom(topic, { ready: arn }, context);
    const destination = await destinationOf(topic, context, settings);
    if (isObjection(destination)) return outcomeFrom(topic, { ...arn, ready: destination }, context);
    if (waiting.length === 0) return outcomeFrom(topic, arn, context);
    const batch = waiting.slice(0, BATCH);
    const webhook = open(destination);
    try {
      const failures = await deliver(batch, { topicArn: arn.topicARN, destination, webhook, taken }, context);
      const failure = failures.length === batch.length ? failures[0] : undefined;
      return outcomeFrom(topic, { ...arn, hasTried: true, failure, isMoreToDo: waiting.length > batch.length || failures.length > 0 }, context);
    } finally {
      webhook.close();
    }
  };
}

/** What a pass has found. */
interface Found {
  topicARN?: string;
  /** What stands in the way of sending at all. */
  ready?: Objection;
  /** Whether there was a batch. */
  hasTried?: boolean;
  /** What went wrong, if nothing of the batch was taken; what is wrong with single messages stands there. */
  failure?: Objection | undefined;
  isMoreToDo?: boolean;
}

function arnOf(topic: NotificationTopic, read: Read, region: string): { topicARN: string } | Objection {
  const { namespace, name } = topic.metadata;
  const accountId = accountIdOfNamespace(namespace, read);
  if (accountId === undefined) return { reason: 'NoAccount', message: 'this namespace is not the namespace of an Account' };
  const [first] = read.list(NotificationTopic, namespace).filter((other) => topicNameOf(other) === topicNameOf(topic)).toSorted(byAge);
  if (first !== undefined && first.metadata.name !== name) {
    return { reason: 'NameTaken', message: `the topic ${topicNameOf(topic)} is NotificationTopic ${first.metadata.name} already; remove one of them` };
  }
  return { topicARN: topicArnOf(topic, region, accountId) };
}

function isReady({ status }: NotificationTopic): boolean {
  return status?.conditions?.some(({ type, status: verdict }) => type === NotificationTopicConditions.ready && verdict === 'True') ?? false;
}

function withoutPause({ retryAt: _retry, failures: _failures, ...status }: NotificationTopicStatus = {}): NotificationTopicStatus {
  return status;
}

function outcomeFrom(topic: NotificationTopic, found: Found, { clock }: ReconcileContext): Outcome<NotificationTopicStatus> {
  const { topicARN, ready, failure, isMoreToDo = false } = found;
  const before = withoutPause(topic.status);
  const failures = failure !== undefined ? (topic.status?.failures ?? 0) + 1 : 0;
  const pauseSeconds = Math.min(MAX_PAUSE_SECONDS, 2 ** Math.min(failures - 1, 6));
  const claims = claimsOf(topic, found);
  const status: NotificationTopicStatus = {
    ...before,
    ...(topicARN !== undefined && { topicARN }),
    ...(failures > 0 && { failures, retryAt: new Date(clock.now() + pauseSeconds * 1000).toISOString() }),
    observedGeneration: topic.metadata.generation ?? 0,
    conditions: claims.reduce((conditions, claim) => setCondition(conditions, claim, clock), before.conditions ?? []),
  };
  const requeue = ready !== undefined ? LOOK_SECONDS : failures > 0 ? pauseSeconds : isMoreToDo ? 0.1 : undefined;
  return { status, events: eventsFrom(topic, claims), ...(requeue !== undefined && { requeueAfterSeconds: requeue }) };
}

function claimsOf({ metadata }: NotificationTopic, { ready, failure, hasTried = false }: Found): ConditionClaim[] {
  const observedGeneration = metadata.generation ?? 0;
  const { ready: readyType, delivering: type } = NotificationTopicConditions;
  const kept = 'Notifications are kept and tried again; kubectl get notifications shows them.';
  return [
    ready === undefined
      ? { type: readyType, status: 'True', reason: 'Ready', message: 'Notifications can be sent.', observedGeneration }
      : { type: readyType, status: 'False', ...ready, observedGeneration },
    ...(!hasTried
      ? []
      : [
          failure === undefined
            ? ({ type, status: 'True', reason: 'Delivered', message: 'The last notifications were taken.', observedGeneration } as const)
            : ({ type, status: 'False', reason: failure.reason, message: `${failure.message}. ${kept}`, observedGeneration } as const),
        ]),
  ];
}

/** Transitions only: a receiver that stays away is told once. */
function eventsFrom({ status }: NotificationTopic, claims: readonly ConditionClaim[]): EventRecord[] {
  return claims.flatMap(({ type, status: verdict, reason, message }): EventRecord[] => {
    const before = status?.conditions?.find((condition) => condition.type === type);
    if (verdict === 'False' && before?.reason !== reason) return [{ type: 'Warning', reason, message }];
    return verdict === 'True' && before?.status === 'False' ? [{ type: 'Normal', reason, message }] : [];
  });
}

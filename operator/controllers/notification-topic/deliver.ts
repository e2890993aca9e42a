import { isNotFound } from '../../kubernetes/errors.ts';
import { Notification, type NotificationTopic } from '../../kubernetes/resources.ts';
import type { ReconcileContext } from '../../runtime/reconcile.ts';
import type { Objection } from '../instance/objection.ts';
import { timestampOf } from '../instance/times.ts';
import type { SignedDestination } from './destination.ts';
import { signatureOf } from './signature.ts';
import type { Post, Webhook } from './webhook.ts';

/** One batch on its way. `taken` are the ids of messages that were taken but could not be removed: they are not sent again. */
export interface Delivery {
  topicArn: string;
  destination: SignedDestination;
  webhook: Webhook;
  taken: Set<string>;
}

/**
 * Sends messages at the same time, and takes away those that were taken. A crash in between sends them once more, under the same id. Answers with
 * what went wrong, one for each message that was not taken.
 */
export async function deliver(batch: readonly Notification[], delivery: Delivery, context: ReconcileContext): Promise<Objection[]> {
  const { topicArn, destination, webhook, taken } = delivery;
  const results = await Promise.allSettled(
    batch.map(async (notification) => {
      const id = notification.metadata.name;
      const failure = taken.has(id) ? undefined : await webhook.post(postOf(notification, topicArn, destination, context));
      if (failure === undefined) {
        taken.add(id);
        await takeAway(notification, context);
        taken.delete(id);
      } else {
        await note(notification, failure, context);
      }
      return failure;
    }),
  );
  const broken = results.find((result) => result.status === 'rejected');
  if (broken !== undefined) throw broken.reason;
  return results.flatMap((result) => (result.status === 'fulfilled' ? (result.value ?? []) : []));
}

/** The request: headers as SNS has them for raw messages, and a signature as Standard Webhooks has it. */
function postOf({ metadata, spec }: Notification, topicArn: string, { keys }: SignedDestination, { clock }: ReconcileContext): Post {
  const id = metadata.name;
  const unixSeconds = Math.floor(clock.now() / 1000);
  return {
    headers: {
      'content-type': 'application/json',
      'user-agent': 'kube-ec2',
      'x-amz-sns-message-type': 'Notification',
      'x-amz-sns-message-id': id,
      'x-amz-sns-topic-arn': topicArn,
      'x-amz-sns-rawdelivery': 'true',
      'webhook-id': id,
      'webhook-timestamp': String(unixSeconds),
      ...(keys.length > 0 && { 'webhook-signature': signatureOf(id, unixSeconds, spec.message, keys) }),
    },
    body: spec.message,
  };
}

async function note({ metadata, status }: Notification, { message }: Objection, { write, clock }: ReconcileContext): Promise<void> {
  const told = { attempts: (status?.attempts ?? 0) + 1, lastAttemptAt: timestampOf(clock), lastFailure: message.slice(0, 1024) };
  await write.patchStatus(Notification, { namespace: metadata.namespace, name: metadata.name }, { status: told }).catch(unlessGone);
}

async function takeAway({ metadata }: Notification, { write }: ReconcileContext): Promise<void> {
  await write.remove(Notification, { namespace: metadata.namespace, name: metadata.name }).catch(unlessGone);
}

/**
 * Messages that were tried for as long as the topic says go, and an event of the topic tells of each. Answers with those that are left, the least tried
 * first.
 */
export async function giveUpOld(topic: NotificationTopic, notifications: readonly Notification[], context: ReconcileContext): Promise<Notification[]> {
  const oldest = context.clock.now() - topic.spec.webhook.giveUpAfterSeconds * 1000;
  const isOld = ({ metadata }: Notification): boolean => Date.parse(metadata.creationTimestamp ?? '') <= oldest;
  for (const notification of notifications.filter(isOld)) {
    const { subject } = notification.spec;
    const { attempts = 0, lastFailure = 'it was never tried' } = notification.status ?? {};
    await takeAway(notification, context);
    const message = `${notification.metadata.name}, ${subject}, is given up after ${attempts} tries: ${lastFailure}`.slice(0, 1000);
    await context.write.event(topic, { type: 'Warning', reason: 'NotificationGivenUp', message });
  }
  const triesOf = ({ status }: Notification): string => String(status?.attempts ?? 0).padStart(9, '0');
  const orderOf = (notification: Notification): string => `${triesOf(notification)}/${notification.metadata.creationTimestamp ?? ''}/${notification.metadata.name}`;
  return notifications.filter((notification) => !isOld(notification)).toSorted((left, right) => (orderOf(left) < orderOf(right) ? -1 : 1));
}

function unlessGone(error: unknown): void {
  if (!isNotFound(error)) throw error; // somebody else took it away
}

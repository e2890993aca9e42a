import { Namespace, Notification, NotificationTopic } from '../../kubernetes/resources.ts';
import { defineController, watching, type AnyController } from '../../runtime/reconcile.ts';
import { reconciler } from './reconcile.ts';
import type { WebhookSettings } from './settings.ts';
import type { Destination, Webhook } from './webhook.ts';

/** Receivers that are spoken to at the same time; a slow one takes a place for the time of one batch at most. */
const CONCURRENCY = 16;

/** Sends notifications to the webhooks of topics. */
export function notificationTopicController(settings: WebhookSettings, open?: (destination: Destination) => Webhook): AnyController {
  return defineController({
    name: 'notification-topic',
    type: NotificationTopic,
    watches: [
      watching(Notification, ({ metadata, spec }) => [{ namespace: metadata.namespace, name: spec.topic }]),
      // Only looked up, for the account.
      watching(Namespace, () => []),
    ],
    permissions: [
      { group: 'kube-ec2.io', resource: 'notifications', verbs: ['delete'], reason: 'notifications that were taken or are given up' },
      { group: 'kube-ec2.io', resource: 'notifications/status', verbs: ['patch'], reason: 'tries of notifications that were not taken' },
      { group: '', resource: 'secrets', verbs: ['get'], reason: 'keys that sign notifications' },
    ],
    concurrency: CONCURRENCY,
    reconcile: reconciler(settings, open),
  });
}

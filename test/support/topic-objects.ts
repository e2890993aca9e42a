import { NotificationDefinition, type Notification } from '../../operator/api/notification/notification.ts';
import { NotificationTopicDefinition, WEBHOOK_KEY_SECRET_TYPE, type NotificationTopic, type NotificationTopicSpec } from '../../operator/api/notification/notification-topic.ts';
import type { Secret } from '../../operator/kubernetes/resources.ts';
import { WORLD_NAMESPACE } from './instance-world.ts';

/** A topic, made at a time so that of two the first is the older. */
export function aTopic(name: string, webhook: Partial<NotificationTopicSpec['webhook']> = {}, more: Partial<NotificationTopicSpec> = {}, creationTimestamp = '2026-01-01T00:00:00Z'): NotificationTopic {
  const { apiVersion, kind, spec } = NotificationTopicDefinition;
  const metadata = { name, namespace: WORLD_NAMESPACE, uid: `uid-topic-${name}`, generation: 1, creationTimestamp };
  return { apiVersion, kind, metadata, spec: spec.parse({ webhook: { url: 'https://hooks.example.com/in', ...webhook }, ...more }) };
}

/** A message that waits for the topic. */
export function aNotification(name: string, topic: string, creationTimestamp: string): Notification {
  const { apiVersion, kind, spec } = NotificationDefinition;
  return { apiVersion, kind, metadata: { name, namespace: WORLD_NAMESPACE, uid: `uid-${name}`, creationTimestamp }, spec: spec.parse({ topic, subject: `about ${name}`, message: `{"name":"${name}"}` }) };
}

/** A Secret with keys. */
export function aKeySecret(name: string, keys: Record<string, string>, type = WEBHOOK_KEY_SECRET_TYPE): Secret {
  const data = Object.fromEntries(Object.entries(keys).map(([key, value]) => [key, Buffer.from(value).toString('base64')]));
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace: WORLD_NAMESPACE }, type, data };
}

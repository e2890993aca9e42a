import { z } from 'zod';
import { defineCustomResource, type CustomResource } from '../custom-resource.ts';
import { Conditions, Reference } from '../shared.ts';

/** Condition types of a NotificationTopic. */
export const NotificationTopicConditions = {
  /** Notifications can be sent: the address may be connected to, and the key is there. */
  ready: 'Ready',
  /** The last notification was taken. */
  delivering: 'Delivering',
} as const;

/** Type of the Secrets that sign notifications. No other Secret is ever used, whatever a topic names. */
export const WEBHOOK_KEY_SECRET_TYPE = 'kube-ec2.io/webhook-key';

const Webhook = z.object({
  url: z
    .string()
    .max(2048)
    .regex(/^https?:\/\/[^\s]+$/, 'url must begin with https:// (http:// only for hosts that the administrator allows)')
    .describe('Address that notifications are posted to.'),
  keySecretName: Reference.optional().describe(`Secret of type ${WEBHOOK_KEY_SECRET_TYPE} whose values sign each notification. Without: not signed.`),
  caBundle: z.string().max(65536).optional().describe("Certificates, PEM, that the receiver's is judged by. Without: the public authorities."),
  giveUpAfterSeconds: z.int().min(60).max(86400).default(3600).describe('How long a notification that is not taken is tried.'),
});

const NotificationTopicSpec = z.object({
  topicName: z
    .string()
    .max(256)
    .regex(/^[A-Za-z0-9_-]{1,256}$/, 'topicName may have letters, digits, - and _')
    .optional()
    .describe('Name of the topic in its ARN, unique in the account. By default the name of the resource.')
    .meta({ 'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: 'topicName cannot be changed; make a new NotificationTopic' }] }),
  webhook: Webhook.describe('Where notifications are sent to.'),
});
export type NotificationTopicSpec = z.infer<typeof NotificationTopicSpec>;

const NotificationTopicStatus = z.object({
  topicARN: z.string().max(1600).optional().describe('ARN of the topic: what PutNotificationConfiguration takes.'),
  failures: z.int().min(0).optional().describe('Tries in a row that failed.'),
  retryAt: z.iso.datetime().optional().describe('When it is tried again.'),
  observedGeneration: z.int().optional().describe('metadata.generation that this status was computed from.'),
  conditions: Conditions.optional(),
});
export type NotificationTopicStatus = z.infer<typeof NotificationTopicStatus>;
export type NotificationTopic = CustomResource<NotificationTopicSpec, NotificationTopicStatus>;

/** Name of a topic in its ARN. */
export function topicNameOf({ metadata, spec }: NotificationTopic): string {
  return spec.topicName ?? metadata.name;
}

/** ARN of a topic, in the form of SNS. @see https://docs.aws.amazon.com/sns/latest/dg/sns-create-topic.html */
export function topicArnOf(topic: NotificationTopic, region: string, accountId: string): string {
  return `arn:aws:sns:${region}:${accountId}:${topicNameOf(topic)}`;
}

/** NotificationTopic: where an ARN of a topic leads. */
export const NotificationTopicDefinition = defineCustomResource({
  kind: 'NotificationTopic',
  plural: 'notificationtopics',
  shortNames: ['topic'],
  namespaced: true,
  description: 'Where notifications of Auto Scaling groups and lifecycle hooks lead that name the ARN of this topic: a webhook.',
  spec: NotificationTopicSpec,
  status: NotificationTopicStatus,
  printerColumns: [
    { name: 'ARN', type: 'string', path: '.status.topicARN' },
    { name: 'Ready', type: 'string', path: ".status.conditions[?(@.type=='Ready')].reason" },
    { name: 'Delivering', type: 'string', path: ".status.conditions[?(@.type=='Delivering')].reason" },
    { name: 'Age', type: 'date', path: '.metadata.creationTimestamp' },
  ],
  specRules: [
    {
      rule: 'has(self.topicName) == has(oldSelf.topicName)',
      message: 'topicName cannot be added or removed; make a new NotificationTopic',
      fieldPath: '.topicName',
    },
  ],
});

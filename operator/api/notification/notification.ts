import { z } from 'zod';
import { defineCustomResource, type CustomResource } from '../custom-resource.ts';
import { Reference } from '../shared.ts';

const NotificationSpec = z
  .object({
    topic: Reference.describe('NotificationTopic of this namespace, by the name of the resource.'),
    subject: z.string().max(100).describe('What it is about, for people.'),
    message: z.string().min(1).max(65536).describe('What is sent, byte for byte: JSON as Auto Scaling gives it to SNS.'),
  })
  .meta({ 'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: 'a Notification cannot be changed' }] });
export type NotificationSpec = z.infer<typeof NotificationSpec>;

const NotificationStatus = z.object({
  attempts: z.int().min(0).optional().describe('Tries that failed.'),
  lastAttemptAt: z.iso.datetime().optional().describe('When it was last tried.'),
  lastFailure: z.string().max(1024).optional().describe('What went wrong then.'),
});
export type NotificationStatus = z.infer<typeof NotificationStatus>;
export type Notification = CustomResource<NotificationSpec, NotificationStatus>;

/** Notification: a message on its way to a topic. */
export const NotificationDefinition = defineCustomResource({
  kind: 'Notification',
  plural: 'notifications',
  shortNames: [],
  namespaced: true,
  description: 'A message on its way to a NotificationTopic. It goes once it is delivered, or given up. Its name is the id of the message.',
  spec: NotificationSpec,
  status: NotificationStatus,
  printerColumns: [
    { name: 'Topic', type: 'string', path: '.spec.topic' },
    { name: 'Subject', type: 'string', path: '.spec.subject' },
    { name: 'Attempts', type: 'integer', path: '.status.attempts' },
    { name: 'Age', type: 'date', path: '.metadata.creationTimestamp' },
    { name: 'Failure', type: 'string', path: '.status.lastFailure', priority: 1 },
  ],
});

import { z } from 'zod';

/** Transitions that a hook can hold up. */
export const LIFECYCLE_TRANSITIONS = ['autoscaling:EC2_INSTANCE_LAUNCHING', 'autoscaling:EC2_INSTANCE_TERMINATING'] as const;
export type LifecycleTransition = (typeof LIFECYCLE_TRANSITIONS)[number];

/** EC2's limit for the whole wait, whatever the heartbeats: 48 hours, or 100 times the timeout. */
const WAIT_LIMIT_SECONDS = 172800;

/** A lifecycle hook. @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/lifecycle-hooks.html */
export const LifecycleHook = z.object({
  lifecycleHookName: z
    .string()
    .min(1)
    .max(255)
    .regex(/^[A-Za-z0-9\-_/]+$/, 'lifecycleHookName may have letters, digits and - _ /')
    .describe('Name of the hook.'),
  lifecycleTransition: z.enum(LIFECYCLE_TRANSITIONS).describe('What is held up: a launch or a termination.'),
  heartbeatTimeout: z.int().min(30).max(7200).default(3600).describe('Seconds after which the default result counts; each heartbeat begins them anew.'),
  defaultResult: z.enum(['CONTINUE', 'ABANDON']).default('ABANDON').describe('Result when nobody completes the action in time.'),
  notificationMetadata: z.string().max(1023).optional().describe('Text that goes with the notification.'),
  notificationTargetARN: z.string().max(255).optional().describe('Topic that is told of each wait, if a NotificationTopic stands for it. An event of the group tells of it anyway.'),
  roleARN: z.string().max(255).optional().describe('Recorded.'),
});
export type LifecycleHook = z.infer<typeof LifecycleHook>;

/** Seconds after which a hook ends whatever the heartbeats. */
export function globalTimeoutOf({ heartbeatTimeout }: Pick<LifecycleHook, 'heartbeatTimeout'>): number {
  return Math.min(WAIT_LIMIT_SECONDS, 100 * heartbeatTimeout);
}

import { z } from 'zod';
import { LIFECYCLE_TRANSITIONS } from './auto-scaling-lifecycle-hook.ts';
import { NOTIFICATION_TYPES } from './auto-scaling-notification-type.ts';
import { Reference } from '../shared.ts';

/** On Instances and machines of an Auto Scaling group: the name of the AutoScalingGroup. */
export const AUTO_SCALING_GROUP_LABEL = 'kube-ec2.io/auto-scaling-group';

/** A lifecycle action: a hook that holds up this instance. */
export const LifecycleAction = z.object({
  lifecycleHookName: z.string().max(255).describe('Hook that it comes from.'),
  lifecycleTransition: z.enum(LIFECYCLE_TRANSITIONS).describe('What is held up.'),
  lifecycleActionToken: z.string().max(36).describe('UUID by which the action is completed.'),
  startedAt: z.iso.datetime().optional().describe('When the wait began. For a launch: when the instance began to run.'),
  heartbeatAt: z.iso.datetime().optional().describe('The last heartbeat.'),
  heartbeatTimeout: z.int().min(30).max(7200).describe('As the hook had it.'),
  defaultResult: z.enum(['CONTINUE', 'ABANDON']).describe('As the hook had it.'),
  result: z.enum(['CONTINUE', 'ABANDON']).optional().describe('How it ended; absent while it waits.'),
});
export type LifecycleAction = z.infer<typeof LifecycleAction>;

/**
 * What makes an Instance a member of an Auto Scaling group, and what is known of it as such. Everything about a single member stands here, so that
 * members change independently of each other and of the group.
 */
export const Membership = z
  .object({
    groupName: Reference.describe('AutoScalingGroup of this namespace, by the name of the resource.'),
    groupUid: z.string().max(64).optional().describe('uid of that group: another of the same name does not take the instance over.'),
    ordinal: z.int().min(0).optional().describe('Number of the launch within the group; absent for an instance that was attached.'),
    cause: z.string().max(1023).optional().describe('Why it was launched or attached.'),
    attachedAt: z.iso.datetime().optional().describe('When it was attached.'),
    launchTemplateId: z.string().max(64).optional().describe('Launch template that it was made of.'),
    launchTemplateName: z.string().max(128).optional().describe('Its name.'),
    launchTemplateVersion: z.string().max(16).optional().describe('Version: $Latest and $Default as they were resolved at the launch.'),
    launchConfigurationName: z.string().max(255).optional().describe('Launch configuration that it was made of.'),
    weightedCapacity: z.int().min(1).max(999).optional().describe('Capacity units that it counts for; by default 1.'),
    replacement: z.boolean().optional().describe('Launched ahead of the one that it replaces, so that for a while the group is larger than desired.'),
    protectedFromScaleIn: z.boolean().optional().describe('Whether scale-in spares it.'),
    healthStatus: z.enum(['Healthy', 'Unhealthy']).optional().describe('Health as somebody reported it. Unhealthy: it is replaced.'),
    healthReportedAt: z.iso.datetime().optional().describe('When it was reported.'),
    standby: z.boolean().optional().describe('On standby: runs, but does not count as capacity and is not replaced.'),
    standbyAt: z.iso.datetime().optional().describe('When it last entered or left standby.'),
    warm: z.boolean().optional().describe('In the warm pool.'),
    leaving: z
      .object({
        at: z.iso.datetime().describe('When it was decided.'),
        cause: z.string().max(1023).describe('Why.'),
        reason: z.enum(['scale-in', 'unhealthy', 'user', 'lifetime', 'refresh', 'rebalance', 'abandoned', 'group-deleted']).describe('Why, in one word.'),
      })
      .optional()
      .describe('The group ends the instance; lifecycle hooks may hold that up.'),
    told: z.array(z.enum(NOTIFICATION_TYPES)).max(5).optional().meta({ 'x-kubernetes-list-type': 'set' }).describe('Notifications of the group that were given about it.'),
    lifecycleActions: z
      .array(LifecycleAction)
      .max(100)
      .optional()
      .meta({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['lifecycleHookName', 'lifecycleTransition'] })
      .describe('Hooks that hold it up or have done so.'),
  })
  .describe('Membership in an Auto Scaling group.');
export type Membership = z.infer<typeof Membership>;

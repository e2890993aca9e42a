import { z } from 'zod';
import { LaunchTemplateReference, MixedInstancesPolicy } from './auto-scaling-launch.ts';

/** States of a refresh. @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_InstanceRefresh.html */
export const REFRESH_STATUSES = [
  'Pending', 'InProgress', 'Successful', 'Failed', 'Cancelling', 'Cancelled', 'RollbackInProgress', 'RollbackFailed', 'RollbackSuccessful', 'Baking',
] as const;
export type RefreshStatusName = (typeof REFRESH_STATUSES)[number];

/** Refreshes of a group that are remembered. */
export const REFRESHES_LIMIT = 20;

const Preferences = z.object({
  minHealthyPercentage: z.int().min(0).max(100).default(90).describe('Share of the desired capacity that must stay in service.'),
  maxHealthyPercentage: z.int().min(100).max(200).default(100).describe('Share of the desired capacity that there may be: above 100 instances are launched before others end.'),
  instanceWarmup: z.int().min(0).max(86400).optional().describe("Seconds until a new instance counts; by default the group's warm-up, or its grace period."),
  skipMatching: z.boolean().default(false).describe('Whether instances that already are as desired stay.'),
  checkpointPercentages: z.array(z.int().min(1).max(100)).max(20).optional().meta({ 'x-kubernetes-list-type': 'atomic' }).describe('Shares at which the refresh pauses, ascending; without 100 at the end it stops at the last.'),
  checkpointDelay: z.int().min(0).max(172800).default(3600).describe('Seconds of the pause.'),
  bakeTime: z.int().min(0).max(172800).default(0).describe('Seconds to wait at the end before it counts as successful.'),
  autoRollback: z.boolean().default(false).describe('Whether a failure leads back to the former configuration.'),
  scaleInProtectedInstances: z.enum(['Refresh', 'Ignore', 'Wait']).default('Wait').describe('What becomes of instances that are protected from scale-in.'),
  standbyInstances: z.enum(['Terminate', 'Ignore', 'Wait']).default('Wait').describe('What becomes of instances on standby.'),
});
export type RefreshPreferences = z.infer<typeof Preferences>;

/** The configuration that instances should have. */
const DesiredConfiguration = z.object({
  launchTemplate: LaunchTemplateReference.optional().describe('What instances are made of.'),
  mixedInstancesPolicy: MixedInstancesPolicy.optional().describe('The same with several types.'),
});
export type DesiredConfiguration = z.infer<typeof DesiredConfiguration>;

/** The refresh that is wanted: a new id starts one. */
export const RefreshRequest = z.object({
  id: z.string().min(1).max(63).describe('Name of the refresh: a new one starts a new refresh.'),
  preferences: Preferences.prefault({}).describe('How it is done.'),
  desiredConfiguration: DesiredConfiguration.optional().describe("What instances become; the group's own configuration follows at the end. By default the group's."),
  end: z.enum(['cancel', 'rollback']).optional().describe('Set to end the refresh: where it stands, or by going back.'),
});
export type RefreshRequest = z.infer<typeof RefreshRequest>;

/** A refresh as it went. */
export const Refresh = z.object({
  id: z.string(),
  status: z.enum(REFRESH_STATUSES),
  statusReason: z.string().max(1023).optional(),
  startTime: z.iso.datetime(),
  firstOrdinal: z.int().min(0).optional().describe('Number of the first launch after its start: instances with lower numbers were there before.'),
  endTime: z.iso.datetime().optional(),
  percentageComplete: z.int().min(0).max(100).optional(),
  instancesToUpdate: z.int().min(0).optional(),
  preferences: Preferences,
  desiredConfiguration: DesiredConfiguration.optional(),
  formerConfiguration: DesiredConfiguration.extend({ launchConfigurationName: z.string().optional() }).optional().describe('What the group launched from before.'),
  total: z.int().min(0).optional().describe('Instances that were to be replaced at the start.'),
  passedCheckpoints: z.int().min(0).optional().describe('Checkpoints that were reached.'),
  checkpointAt: z.iso.datetime().optional().describe('Since when it pauses at a checkpoint.'),
  doneAt: z.iso.datetime().optional().describe('When the last instance was replaced; the bake time counts from here.'),
  rollbackReason: z.string().max(1023).optional(),
  rollbackStartTime: z.iso.datetime().optional(),
  percentageCompleteOnRollback: z.int().min(0).max(100).optional(),
});
export type Refresh = z.infer<typeof Refresh>;

/** Whether a refresh is over. */
export function isRefreshOver({ status }: Pick<Refresh, 'status'>): boolean {
  return ['Successful', 'Failed', 'Cancelled', 'RollbackFailed', 'RollbackSuccessful'].includes(status);
}

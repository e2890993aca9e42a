import { z } from 'zod';

/** States of an activity. @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_Activity.html */
export const ACTIVITY_STATUS_CODES = [
  'PendingSpotBidPlacement', 'WaitingForSpotInstanceRequestId', 'WaitingForSpotInstanceId', 'WaitingForInstanceId', 'PreInService', 'InProgress',
  'WaitingForELBConnectionDraining', 'MidLifecycleAction', 'WaitingForInstanceWarmup', 'Successful', 'Failed', 'Cancelled', 'WaitingForConnectionDraining',
] as const;

/** Activities of a group that are kept: those that no Instance tells of. */
export const ACTIVITIES_LIMIT = 100;

/** An activity that is over. Launches and terminations of instances that exist are told by the instances themselves. */
export const Activity = z.object({
  activityId: z.string().max(64).describe('UUID.'),
  description: z.string().max(1024).describe('What was done, for people.'),
  cause: z.string().max(1023).describe('Why, for people.'),
  startTime: z.iso.datetime().describe('When it began.'),
  endTime: z.iso.datetime().optional().describe('When it ended.'),
  statusCode: z.enum(ACTIVITY_STATUS_CODES).describe('How it ended.'),
  statusMessage: z.string().max(1023).optional().describe('What went wrong.'),
  progress: z.int().min(0).max(100).default(100).describe('Per cent.'),
  instanceId: z.string().max(64).optional().describe('Instance that it was about.'),
  availabilityZone: z.string().max(63).optional().describe('Zone that it was about.'),
  subnetId: z.string().max(64).optional().describe('Subnet that it was about.'),
});
export type Activity = z.infer<typeof Activity>;

/** Where an activity was, by the keys that Auto Scaling writes. */
export function activityDetailsOf({ subnetId, availabilityZone }: Activity): { 'Subnet ID'?: string; 'Availability Zone'?: string } {
  return { ...(subnetId !== undefined && { 'Subnet ID': subnetId }), ...(availabilityZone !== undefined && { 'Availability Zone': availabilityZone }) };
}

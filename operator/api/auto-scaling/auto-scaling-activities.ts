import type { Activity } from './auto-scaling-activity.ts';
import type { AutoScalingGroup, InstanceRequest } from './auto-scaling-group.ts';
import { hasStarted, isEnding, lifecycleStateOf, openActionsOf, type Member } from './auto-scaling-member.ts';
import { ec2IdOf } from '../ec2-id.ts';
import type { Instance } from '../compute/instance.ts';
import { uuidFrom } from '../identity/unique-id.ts';

/**
 * Everything that a group does or did, newest first: launches and terminations as the instances tell of them, for as long as their resources are there,
 * and what the group has written down. Pure.
 */
export function activitiesOf(group: AutoScalingGroup, members: readonly Member[]): Activity[] {
  const told = members.flatMap((member) => [launchActivityOf(member), ...terminationActivityOf(member)]);
  const keyOf = ({ startTime, activityId }: Activity): string => `${startTime}/${activityId}`;
  return [...told, ...(group.status?.activities ?? [])].toSorted((left, right) => (keyOf(left) < keyOf(right) ? 1 : -1));
}

/** The newest activity that is still under way. */
export function activityUnderWay(group: AutoScalingGroup, members: readonly Member[]): Activity | undefined {
  return activitiesOf(group, members).find(({ statusCode }) => !['Successful', 'Failed', 'Cancelled'].includes(statusCode));
}

/** When the last activity ended, milliseconds since the epoch: the cooldown counts from here. */
export function lastActivityEnd(group: AutoScalingGroup, members: readonly Member[]): number {
  return Math.max(0, ...activitiesOf(group, members).flatMap(({ endTime, statusCode }) => (endTime === undefined || statusCode !== 'Successful' ? [] : [Date.parse(endTime)])));
}

/** Whether a launch came to nothing: the instance ended before it was up, and nobody had asked for that. */
export function isFailedLaunch(member: Member): boolean {
  const { status, spec } = member;
  if (spec.autoScaling.ordinal === undefined || spec.autoScaling.warm === true) return false;
  if (spec.autoScaling.leaving?.reason === 'abandoned') return true;
  if (!isEnding(member) || status?.hasBooted === true || spec.autoScaling.leaving !== undefined) return false;
  return status?.stateReason !== undefined && status.stateReason.code !== 'Client.UserInitiatedShutdown';
}

/** Id of the activity that a request becomes: the API answers with it before there is one. */
export function activityIdOfRequest(action: InstanceRequest['action'], { metadata }: Instance, requestedAt: string | undefined): string {
  const seed = metadata.uid ?? metadata.name;
  if (action === 'terminate') return uuidFrom(`${seed}/terminate`);
  return action === 'attach' ? uuidFrom(`${seed}/launch`) : uuidFrom(`${seed}/${action}/${requestedAt ?? ''}`);
}

/** The launch of a member, or that it was attached. Pure. */
export function launchActivityOf(member: Member): Activity {
  const { metadata, spec, status } = member;
  const { attachedAt, cause = '' } = spec.autoScaling;
  const startTime = attachedAt ?? metadata.creationTimestamp ?? new Date(0).toISOString();
  const id = ec2IdOf('i', member);
  const parts = {
    activityId: uuidFrom(`${metadata.uid ?? metadata.name}/launch`),
    description: attachedAt === undefined ? `Launching a new EC2 instance: ${id}` : `Attaching an existing EC2 instance: ${id}`,
    cause,
    startTime,
    instanceId: id,
    ...placeOf(member),
  };
  if (attachedAt !== undefined) return { ...parts, endTime: attachedAt, statusCode: 'Successful', progress: 100 };
  if (isFailedLaunch(member)) {
    const statusMessage = spec.autoScaling.leaving === undefined ? status?.stateReason?.message : 'The lifecycle action was abandoned.';
    return { ...parts, endTime: status?.stateTransitionTime ?? startTime, statusCode: 'Failed', progress: 100, ...(statusMessage !== undefined && { statusMessage }) };
  }
  const state = lifecycleStateOf(member);
  if (state === 'Pending:Wait' || state === 'Warmed:Pending:Wait') return { ...parts, statusCode: 'MidLifecycleAction', progress: 60 };
  if (hasStarted(member) && !(isEnding(member) && status?.hasBooted !== true)) return { ...parts, endTime: upSince(member) ?? startTime, statusCode: 'Successful', progress: 100 };
  if (isEnding(member)) return { ...parts, endTime: spec.autoScaling.leaving?.at ?? status?.stateTransitionTime ?? startTime, statusCode: 'Cancelled', progress: 100 };
  return { ...parts, statusCode: 'InProgress', progress: 30 };
}

/** The end of a member, once it has begun. Pure. */
export function terminationActivityOf(member: Member): Activity[] {
  const { metadata, spec, status } = member;
  const { leaving } = spec.autoScaling;
  if (leaving === undefined && (!isEnding(member) || isFailedLaunch(member))) return [];
  const startTime = leaving?.at ?? status?.stateTransitionTime ?? metadata.deletionTimestamp ?? metadata.creationTimestamp ?? new Date(0).toISOString();
  const id = ec2IdOf('i', member);
  const parts = {
    activityId: uuidFrom(`${metadata.uid ?? metadata.name}/terminate`),
    description: `Terminating EC2 instance: ${id}`,
    cause: leaving?.cause ?? `At ${startTime} an instance was taken out of service in response to an EC2 health check indicating it has been terminated or stopped.`,
    startTime,
    instanceId: id,
    ...placeOf(member),
  };
  if (status?.state === 'terminated') return [{ ...parts, endTime: status.stateTransitionTime ?? startTime, statusCode: 'Successful', progress: 100 }];
  const isHeld = openActionsOf(member, 'autoscaling:EC2_INSTANCE_TERMINATING').length > 0 && !isEnding(member);
  return [{ ...parts, statusCode: isHeld ? 'MidLifecycleAction' : 'InProgress', progress: isHeld ? 60 : 0 }];
}

function upSince({ status }: Member): string | undefined {
  return status?.state === 'running' ? status.stateTransitionTime : status?.launchTime;
}

function placeOf({ spec, status }: Member): Pick<Activity, 'availabilityZone' | 'subnetId'> {
  const availabilityZone = status?.availabilityZone ?? spec.placement.availabilityZone;
  const { subnetId } = spec;
  return { ...(availabilityZone !== undefined && { availabilityZone }), ...(subnetId?.startsWith('subnet-') && { subnetId }) };
}

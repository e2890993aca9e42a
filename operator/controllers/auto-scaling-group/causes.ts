import type { AutoScalingGroup } from '../../kubernetes/resources.ts';
import type { Clock } from '../../kubernetes/clock.ts';
import { secondsSince, timestampOf } from '../instance/times.ts';

/** How long after a change of the sizes what follows is told to come from it. */
const RELATED_SECONDS = 300;

function userPart({ spec }: AutoScalingGroup, clock: Clock): string {
  const { capacityChange } = spec;
  if (capacityChange === undefined || secondsSince(capacityChange.at, clock) > RELATED_SECONDS) return '';
  return `At ${capacityChange.at} ${capacityChange.cause}  `;
}

/** The cause of a launch in Auto Scaling's words. */
export function causeOfLaunch(group: AutoScalingGroup, from: number, to: number, clock: Clock): string {
  return `${userPart(group, clock)}At ${timestampOf(clock)} an instance was started in response to a difference between desired and actual capacity, increasing the capacity from ${String(from)} to ${String(to)}.`;
}

/** The cause of a launch ahead of what it replaces. */
export function causeOfReplacement(clock: Clock): string {
  return `At ${timestampOf(clock)} an instance was launched in response to an instance that is to be replaced.`;
}

/** The cause of a termination by scale-in. */
export function causeOfScaleIn(group: AutoScalingGroup, from: number, to: number, instanceId: string, clock: Clock): string {
  const now = timestampOf(clock);
  return `${userPart(group, clock)}At ${now} an instance was taken out of service in response to a difference between desired and actual capacity, shrinking the capacity from ${String(from)} to ${String(to)}.  At ${now} instance ${instanceId} was selected for termination.`;
}

/** The cause of an end for another reason: `response` completes "in response to". */
export function causeOfRemoval(response: string, clock: Clock): string {
  return `At ${timestampOf(clock)} an instance was taken out of service in response to ${response}`;
}

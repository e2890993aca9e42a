import type { PutScheduledUpdateGroupActionType } from '@aws-sdk/client-auto-scaling';
import { Cron } from 'croner';
import { GROUP_SIZE_LIMIT } from '../../../api/auto-scaling/auto-scaling-group.ts';
import type { ScheduledActionSpec } from '../../../api/auto-scaling/scheduled-action.ts';
import { validationError, wholeWithin } from '../../model-constraints.ts';

/** What a scheduled action is asked to be, checked. @throws AwsError ValidationError */
export function requestedActionFrom(input: Omit<PutScheduledUpdateGroupActionType, 'AutoScalingGroupName'>, now: number): Omit<ScheduledActionSpec, 'scheduledActionName' | 'autoScalingGroup'> {
  const { Time, StartTime, EndTime, Recurrence, TimeZone, MinSize, MaxSize, DesiredCapacity } = input;
  if (Time && StartTime && Time.getTime() !== StartTime.getTime()) throw validationError('Time and StartTime must be the same if both are specified');
  const start = StartTime ?? Time;
  if (!start && Recurrence === undefined) throw validationError('Either StartTime or Recurrence must be specified');
  if (start && start.getTime() <= now) throw validationError('Given start time is in the past');
  if (EndTime && Recurrence === undefined) throw validationError('EndTime is supported for actions with a Recurrence only');
  if (EndTime && EndTime.getTime() <= (start?.getTime() ?? now)) throw validationError(start ? 'End time must be after start time' : 'Given end time is in the past');
  if (MinSize === undefined && MaxSize === undefined && DesiredCapacity === undefined) throw validationError('At least one of MinSize, MaxSize and DesiredCapacity must be specified');
  if (Recurrence !== undefined) requireRecurrence(Recurrence, TimeZone ?? 'Etc/UTC');
  const sizes = Object.entries({ minSize: MinSize, maxSize: MaxSize, desiredCapacity: DesiredCapacity }).filter((entry): entry is [string, number] => entry[1] !== undefined);
  for (const [member, size] of sizes) wholeWithin(size, member, 0, GROUP_SIZE_LIMIT);
  if ((MinSize ?? 0) > (MaxSize ?? Infinity)) throw validationError('Max bound must be greater than or equal to min bound');
  if (DesiredCapacity !== undefined && (DesiredCapacity < (MinSize ?? 0) || DesiredCapacity > (MaxSize ?? Infinity))) throw validationError('Desired capacity must lie between min size and max size');
  return {
    ...(start && { startTime: start.toISOString() }),
    ...(EndTime && { endTime: EndTime.toISOString() }),
    ...(Recurrence !== undefined && { recurrence: Recurrence }),
    timeZone: TimeZone ?? 'Etc/UTC',
    ...Object.fromEntries(sizes),
  };
}

function requireRecurrence(recurrence: string, timeZone: string): void {
  const isReadable = /^\S+( +\S+){4}$/.test(recurrence.trim()) && recurrence.length <= 255;
  try {
    if (isReadable && new Cron(recurrence, { timezone: timeZone, paused: true }).nextRun() !== null) return;
  } catch (cause) {
    throw validationError(cause instanceof TypeError && cause.message.includes('timezone') && /timezone/i.test(cause.message) ? `Given TimeZone ${timeZone} is invalid` : `Given recurrence string: ${recurrence} is invalid`);
  }
  throw validationError(`Given recurrence string: ${recurrence} is invalid`);
}

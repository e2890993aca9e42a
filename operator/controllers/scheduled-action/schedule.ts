import { Cron } from 'croner';
import type { ScheduledAction } from '../../api/auto-scaling/scheduled-action.ts';

/** When an action happens: the newest time that is due and not yet carried out, and the next one after now. */
export interface Schedule {
  due: number | undefined;
  next: number | undefined;
}

/** The schedule cannot be read; the message says why. */
export class ScheduleError extends Error {
  override readonly name = 'ScheduleError';
}

/** Times that are looked at to find the newest one that is due: more than a day of minutes after an outage. */
const TIMES_LIMIT = 2000;

/** What follows from an action's fields after the time `since`, all in milliseconds since the epoch. Pure. @throws ScheduleError */
export function scheduleOf({ spec }: ScheduledAction, since: number, now: number): Schedule {
  const start = spec.startTime === undefined ? undefined : Date.parse(spec.startTime);
  const end = spec.endTime === undefined ? Infinity : Date.parse(spec.endTime);
  if (spec.recurrence === undefined) {
    if (start === undefined || start <= since) return { due: undefined, next: undefined };
    return start <= now ? { due: start, next: undefined } : { due: undefined, next: start };
  }
  const cron = cronOf(spec.recurrence, spec.timeZone);
  // The start itself is the first time, if the recurrence has it.
  let time = nextOf(cron, Math.max(since, (start ?? 0) - 1));
  let due: number | undefined;
  for (let count = 0; time !== undefined && time <= now && time <= end && count < TIMES_LIMIT; count += 1) {
    due = time;
    time = nextOf(cron, time);
  }
  if (time !== undefined && time <= now) time = nextOf(cron, now);
  return { due, next: time !== undefined && time <= end ? time : undefined };
}

function nextOf(cron: Cron, after: number): number | undefined {
  return cron.nextRun(new Date(after))?.getTime();
}

/** A recurrence of five fields in a time zone. @throws ScheduleError */
function cronOf(recurrence: string, timeZone: string): Cron {
  if (recurrence.trim().split(/\s+/).length !== 5) throw new ScheduleError(`the recurrence must have five fields: minute, hour, day of month, month, day of week`);
  try {
    const cron = new Cron(recurrence, { timezone: timeZone, paused: true });
    cron.nextRun();
    return cron;
  } catch (cause) {
    throw new ScheduleError(cause instanceof Error ? cause.message.split(' Original error')[0] ?? '' : 'the recurrence cannot be read', { cause });
  }
}

import type { Clock } from '../../kubernetes/clock.ts';

/** Now, in the form of Kubernetes' times. */
export function timestampOf(clock: Clock): string {
  return `${new Date(clock.now()).toISOString().slice(0, 19)}Z`;
}

/** Seconds since a time of the status; 0 if there is none. */
export function secondsSince(time: string | null | undefined, clock: Clock): number {
  return time == null ? 0 : (clock.now() - Date.parse(time)) / 1000;
}

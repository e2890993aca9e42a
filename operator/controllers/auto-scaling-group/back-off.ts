import { isFailedLaunch } from '../../api/auto-scaling/auto-scaling-activities.ts';
import { hasStarted, isEnding, type Member } from '../../api/auto-scaling/auto-scaling-member.ts';

const FIRST_DELAY_SECONDS = 15;
const LONGEST_DELAY_SECONDS = 300;
/** How long a zone or type in which a launch failed is avoided, if there is another. */
const AVOIDED_SECONDS = 900;

/** Seconds to wait after so many failures in a row. */
export function delayAfter(failures: number): number {
  return failures <= 0 ? 0 : Math.min(LONGEST_DELAY_SECONDS, FIRST_DELAY_SECONDS * 2 ** (failures - 1));
}

function endOf({ status, spec, metadata }: Member): number {
  return Date.parse(spec.autoScaling.leaving?.at ?? status?.stateTransitionTime ?? metadata.creationTimestamp ?? '');
}

/** Instances in a row that were launched and never came up, and when the next may be tried, milliseconds since the epoch. */
export function failedLaunchesOf(members: readonly Member[]): { failures: number; message: string; retryAt: number } {
  const lastSuccess = Math.max(0, ...members.filter((member) => hasStarted(member) && !isEnding(member) && member.spec.autoScaling.ordinal !== undefined).map(endOf));
  const failed = members.filter((member) => isFailedLaunch(member) && endOf(member) > lastSuccess).toSorted((left, right) => endOf(left) - endOf(right));
  const last = failed.at(-1);
  if (last === undefined) return { failures: 0, message: '', retryAt: 0 };
  // Those of one batch fail together: they count as one.
  const batches = failed.filter((member, position) => position === 0 || endOf(member) - endOf(failed[position - 1] as Member) > 5000).length;
  return { failures: batches, message: last.status?.stateReason?.message ?? 'The lifecycle action was abandoned.', retryAt: endOf(last) + delayAfter(batches) * 1000 };
}

/** Zones, and types as `type/zone`, in which launches failed lately. */
export function avoidedPlaces(members: readonly Member[], now: number): { zones: ReadonlySet<string>; typesInZones: ReadonlySet<string> } {
  const failed = members.filter((member) => isFailedLaunch(member) && member.status?.stateReason?.code === 'Server.InsufficientInstanceCapacity' && now - endOf(member) < AVOIDED_SECONDS * 1000);
  const zoneOf = ({ spec }: Member): string => spec.placement.availabilityZone ?? '';
  return { zones: new Set(failed.map(zoneOf)), typesInZones: new Set(failed.map((member) => `${member.spec.instanceType}/${zoneOf(member)}`)) };
}

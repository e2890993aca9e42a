import { desiredCapacityOf } from '../../api/auto-scaling/auto-scaling-group.ts';
import { lifecycleStateOf, type Member } from '../../api/auto-scaling/auto-scaling-member.ts';
import type { AutoScalingGroup } from '../../kubernetes/resources.ts';
import { isCounting, zoneOf } from './indexes.ts';
import { countByZone } from './zones.ts';

/** Between which shares of the desired capacity a group stays while instances are replaced. */
export interface HealthyShares {
  minHealthyPercentage: number;
  maxHealthyPercentage: number;
}

/** What is done in this pass about members that are to be replaced. */
export interface Replacements {
  /** Instances to launch ahead. */
  launchAhead: number;
  /** Members to end now. */
  end: Member[];
}

/** Auto Scaling's own shares for replacements without a policy: one in ten at a time. */
export const GRADUAL: HealthyShares = { minHealthyPercentage: 90, maxHealthyPercentage: 100 };
/**
 * How far replacing may go now. With more than 100 per cent allowed, instances are launched first, and scale-in takes the old ones when the new ones are
 * in service; otherwise old ones end as long as enough others are in service. Pure.
 */
export function replacementsFrom(group: AutoScalingGroup, members: readonly Member[], toReplace: readonly Member[], isHealthy: (member: Member) => boolean, shares: HealthyShares): Replacements {
  if (toReplace.length === 0) return { launchAhead: 0, end: [] };
  const desired = desiredCapacityOf(group);
  const counting = members.filter(isCounting);
  const floor = Math.floor((desired * shares.minHealthyPercentage) / 100);
  // Where all must stay healthy there is no other way than one more.
  const ceiling = Math.max(Math.floor((desired * shares.maxHealthyPercentage) / 100), floor >= desired ? desired + 1 : desired);
  if (ceiling > desired) {
    const ahead = counting.filter((member) => member.spec.autoScaling.replacement === true && !toReplace.includes(member) && !isHealthy(member)).length;
    return { launchAhead: Math.max(0, Math.min(ceiling - counting.length, toReplace.length - ahead)), end: [] };
  }
  const healthy = counting.filter(isHealthy);
  // The unhealthy among them are no loss.
  const lost = toReplace.filter((member) => !healthy.includes(member));
  const sound = toReplace.filter((member) => healthy.includes(member));
  return { launchAhead: 0, end: [...lost, ...sound.slice(0, Math.max(0, healthy.length - floor))] };
}

/** Zones as they matter for balance. */
export interface BalanceZones {
  /** All zones of the group. */
  all: readonly string[];
  /** Those where an instance could be launched now. */
  open: readonly string[];
}

/** Members in zones that the group has no more. */
export function misplacedOf(members: readonly Member[], { all }: BalanceZones): Member[] {
  return members.filter((member) => zoneOf(member) !== '' && !all.includes(zoneOf(member)));
}

/** Launches by which unequal zones become equal again: one at a time, and only when the group is at rest. Pure. */
export function rebalancingOf(group: AutoScalingGroup, members: readonly Member[], zones: BalanceZones): number {
  const isSuspended = (group.spec.suspendedProcesses ?? []).some((process) => process === 'AZRebalance' || process === 'Launch' || process === 'Terminate');
  if (isSuspended || zones.open.length === 0) return 0;
  const counting = members.filter(isCounting);
  const isAtRest = counting.length === desiredCapacityOf(group) && counting.every((member) => lifecycleStateOf(member) === 'InService');
  if (!isAtRest || counting.some(({ spec }) => spec.autoScaling.weightedCapacity !== undefined)) return 0;
  const movable = counting.filter(({ spec }) => spec.autoScaling.protectedFromScaleIn !== true);
  if (misplacedOf(movable, zones).length > 0) return 1;
  const counts = countByZone(zones.open, counting.map(zoneOf));
  const least = Math.min(...zones.open.map((zone) => counts.get(zone) ?? 0));
  // Only those may move that scale-in would take afterwards: the unprotected ones of the fullest zone.
  return zones.open.some((zone) => (counts.get(zone) ?? 0) - least >= 2 && movable.some((member) => zoneOf(member) === zone)) ? 1 : 0;
}

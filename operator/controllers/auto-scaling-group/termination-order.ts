import type { TerminationPolicy } from '../../api/auto-scaling/auto-scaling-group.ts';
import { weightOf, type Member } from '../../api/auto-scaling/auto-scaling-member.ts';
import { zoneOf } from './indexes.ts';

/** What decides which members go first. */
export interface Preference {
  policies: readonly TerminationPolicy[];
  /** Those that should go anyway, before any policy is asked. */
  isDoomed: (member: Member) => boolean;
  /** Id of the launch template that the group launches from now. */
  launchTemplateId: string | undefined;
  launchConfigurationName: string | undefined;
  /** When a launch configuration was made, milliseconds since the epoch; one that is gone counts as the oldest. */
  ageOfConfiguration: (name: string) => number;
  now: number;
}

const HOUR = 3_600_000;

function launchedAt({ metadata, status }: Member): number {
  return Date.parse(status?.launchTime ?? metadata.creationTimestamp ?? '') || 0;
}

/** Those of the members with the lowest rank. */
function lowest(members: readonly Member[], rank: (member: Member) => number): Member[] {
  const least = Math.min(...members.map(rank));
  return members.filter((member) => rank(member) === least);
}

function byTemplate(members: readonly Member[], { launchTemplateId }: Preference): Member[] {
  const ofTemplates = members.filter(({ spec }) => spec.autoScaling.launchTemplateId !== undefined);
  if (ofTemplates.length === 0) return [...members];
  // First those of other templates than the present one, then the lowest version.
  const isCurrent = ({ spec }: Member): number => (spec.autoScaling.launchTemplateId === launchTemplateId ? 1 : 0);
  return lowest(lowest(ofTemplates, isCurrent), ({ spec }) => Number(spec.autoScaling.launchTemplateVersion ?? 0));
}

function byConfiguration(members: readonly Member[], { ageOfConfiguration }: Preference): Member[] {
  const ofConfigurations = members.filter(({ spec }) => spec.autoScaling.launchConfigurationName !== undefined);
  if (ofConfigurations.length === 0) return [...members];
  return lowest(ofConfigurations, ({ spec }) => ageOfConfiguration(spec.autoScaling.launchConfigurationName ?? ''));
}

function byHour(members: readonly Member[], { now }: Preference): Member[] {
  return lowest(members, (member) => HOUR - ((now - launchedAt(member)) % HOUR));
}

/** @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-termination-policies.html */
const filters: Readonly<Record<TerminationPolicy, (members: readonly Member[], preference: Preference) => Member[]>> = {
  // Launch configurations, being the older way, go before launch templates.
  Default: (members, preference) => byHour(byTemplate(byConfiguration(members, preference), preference), preference),
  // Nothing has a price here: every instance fits the allocation strategy.
  AllocationStrategy: (members) => [...members],
  OldestLaunchTemplate: byTemplate,
  OldestLaunchConfiguration: byConfiguration,
  ClosestToNextInstanceHour: byHour,
  NewestInstance: (members) => lowest(members, (member) => -launchedAt(member)),
  OldestInstance: (members) => lowest(members, launchedAt),
};

/**
 * Which members end so that `excess` capacity units are gone, never more than that: the doomed ones, then by zone, so that zones stay balanced, and
 * within the fullest zones by the policies one after another. `counting` are all members that count, `eligible` those that may go. Pure.
 */
export function victimsFrom(counting: readonly Member[], eligible: readonly Member[], excess: number, preference: Preference): Member[] {
  const victims: Member[] = [];
  let left = excess;
  for (;;) {
    const candidates = eligible.filter((member) => !victims.includes(member) && weightOf(member) <= left);
    if (candidates.length === 0) return victims;
    const victim = nextVictim(counting.filter((member) => !victims.includes(member)), candidates, preference);
    victims.push(victim);
    left -= weightOf(victim);
  }
}

function nextVictim(remaining: readonly Member[], candidates: readonly Member[], preference: Preference): Member {
  const doomed = candidates.filter(preference.isDoomed);
  const counts = new Map<string, number>();
  for (const member of remaining) counts.set(zoneOf(member), (counts.get(zoneOf(member)) ?? 0) + 1);
  let best = lowest(doomed.length > 0 ? doomed : candidates, (member) => -(counts.get(zoneOf(member)) ?? 0));
  for (const policy of preference.policies) if (best.length > 1) best = filters[policy](best, preference);
  return best.toSorted((left, right) => (left.metadata.name < right.metadata.name ? -1 : 1))[0] as Member;
}

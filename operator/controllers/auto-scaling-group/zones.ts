import { zoneOfNode } from '../../kubernetes/node-zone.ts';
import type { Read } from '../../kubernetes/read.ts';
import { Node, type AutoScalingGroup, type Subnet } from '../../kubernetes/resources.ts';
import { findSubnet } from '../vpc/find-vpc.ts';

function isUsable({ metadata, spec, status }: Node): boolean {
  const isReady = status?.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True') ?? false;
  return isReady && spec?.unschedulable !== true && metadata?.labels?.['kubevirt.io/schedulable'] !== 'false';
}

/** The subnets that a group names, as far as they are there. */
export function subnetsOf({ spec, metadata }: AutoScalingGroup, read: Read): Subnet[] {
  return (spec.subnetIds ?? []).flatMap((reference) => findSubnet(reference, metadata.namespace, read) ?? []);
}

/** The zones that a group spreads over, sorted: those of its subnets, those that it names, else all that have nodes. */
export function zonesOf(group: AutoScalingGroup, read: Read, region: string): string[] {
  const { spec } = group;
  if (spec.subnetIds !== undefined) {
    const zones = [...new Set(subnetsOf(group, read).map((subnet) => subnet.spec.availabilityZone))].sort();
    return spec.availabilityZones === undefined ? zones : zones.filter((zone) => spec.availabilityZones?.includes(zone));
  }
  if (spec.availabilityZones !== undefined) return spec.availabilityZones.toSorted();
  return [...new Set(read.list(Node).map((node) => zoneOfNode(node, region)))].sort();
}

/** Those of the zones where a machine could start now; all of them if it could in none. */
export function usableZones(zones: readonly string[], read: Read, region: string): string[] {
  const alive = new Set(read.list(Node).filter(isUsable).map((node) => zoneOfNode(node, region)));
  const usable = zones.filter((zone) => alive.has(zone));
  return usable.length > 0 ? usable : [...zones];
}

/** How many of the zone names there are for each of `zones`. */
export function countByZone(zones: readonly string[], ofMembers: readonly string[]): Map<string, number> {
  const counts = new Map(zones.map((zone) => [zone, 0]));
  for (const zone of ofMembers) counts.set(zone, (counts.get(zone) ?? 0) + 1);
  return counts;
}

/** The zone with the fewest members, the first of several; avoided ones only if there is no other. */
export function leastZone(zones: readonly string[], counts: ReadonlyMap<string, number>, avoided: ReadonlySet<string>): string | undefined {
  const candidates = zones.some((zone) => !avoided.has(zone)) ? zones.filter((zone) => !avoided.has(zone)) : zones;
  return candidates.toSorted((left, right) => (counts.get(left) ?? 0) - (counts.get(right) ?? 0))[0];
}

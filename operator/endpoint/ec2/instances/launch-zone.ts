import { Instance, type Node } from '../../../kubernetes/resources.ts';
import { quantityFrom } from '../../../kubernetes/quantity.ts';
import type { Read } from '../../../kubernetes/read.ts';
import { findInstanceType } from '../../../kubernetes/instance-type-facts.ts';
import { isUsableNode } from '../zones/node-facts.ts';
import { zonesFrom, type Zone } from '../zones/zones.ts';
import { plannedNotYetCached } from './launches-in-flight.ts';
import { shownStateOf } from './shown-state.ts';

const ARCHITECTURE_OF_NODES: Readonly<Record<string, string>> = { x86_64: 'amd64', arm64: 'arm64' };

interface Candidate {
  name: string;
  cpus: number;
}

/**
 * The zone for a launch that names none: of those with a node that could take it the one with the fewest vCPUs of instances for each CPU of its nodes;
 * by name among equals; before all that the lower `rank` counts. Undefined if no node could take it: then the scheduler decides.
 */
export function leastAllocatedZone(architecture: string, read: Read, region: string, rank: (zone: string) => number = () => 0): string | undefined {
  const candidates = zonesFrom(read, region).flatMap((zone) => {
    const cpus = usableCpus(zone, architecture);
    return cpus > 0 ? [{ name: zone.name, cpus }] : [];
  });
  if (candidates.length < 2) return candidates[0]?.name;
  const vcpusByZone = allocatedVcpus(read);
  const load = ({ name, cpus }: Candidate): number => (vcpusByZone.get(name) ?? 0) / cpus;
  const isBetter = (zone: Candidate, least: Candidate): boolean =>
    rank(zone.name) === rank(least.name) ? load(zone) < load(least) : rank(zone.name) < rank(least.name);
  return candidates.reduce((least, zone) => (isBetter(zone, least) ? zone : least)).name;
}

function usableCpus({ nodes }: Zone, architecture: string): number {
  return nodes
    .filter((node) => isUsableNode(node) && hasArchitecture(node, architecture))
    .reduce((sum, { status }) => sum + (quantityFrom(status?.allocatable?.['cpu'] ?? '') ?? 1), 0);
}

function hasArchitecture({ metadata }: Node, architecture: string): boolean {
  const label = metadata?.labels?.['kubernetes.io/arch'];
  return label === undefined || label === ARCHITECTURE_OF_NODES[architecture];
}

function allocatedVcpus(read: Read): Map<string, number> {
  const vcpusByZone = new Map<string, number>();
  const count = (zone: string | undefined, vcpus: number): void => {
    if (zone !== undefined) vcpusByZone.set(zone, (vcpusByZone.get(zone) ?? 0) + vcpus);
  };
  for (const instance of read.list(Instance)) {
    const { spec, status } = instance;
    const state = shownStateOf(instance);
    if (state !== 'running' && state !== 'pending') continue;
    count(status?.availabilityZone ?? spec.placement.availabilityZone, findInstanceType(read, spec.instanceType)?.vcpus ?? 1);
  }
  for (const { zone, vcpus } of plannedNotYetCached(read)) count(zone, vcpus);
  return vcpusByZone;
}

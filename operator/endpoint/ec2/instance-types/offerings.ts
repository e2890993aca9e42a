import { quantityFrom } from '../../../kubernetes/quantity.ts';
import type { Node } from '../../../kubernetes/resources.ts';
import { isUsableNode } from '../zones/node-facts.ts';
import type { Zone } from '../zones/zones.ts';
import type { InstanceTypeFacts } from '../../../kubernetes/instance-type-facts.ts';

/** What a node could give to a single machine. */
interface NodeSize {
  architecture: InstanceTypeFacts['architecture'];
  cpus: number;
  memoryMiB: number;
  diskBytes: number;
}

/**
 * The zones that a type can be launched in: those with a usable node of its architecture that is large enough, were it empty. Whether there is room
 * right now is for the launch to find out, as in EC2.
 */
export function zonesOffering(types: readonly InstanceTypeFacts[], zones: readonly Zone[]): { type: InstanceTypeFacts; zones: Zone[] }[] {
  const sized = zones.map((zone) => ({ zone, nodes: zone.nodes.filter(isUsableNode).flatMap((node) => nodeSizeOf(node) ?? []) }));
  return types.map((type) => ({ type, zones: sized.filter(({ nodes }) => nodes.some((node) => fits(type, node))).map(({ zone }) => zone) }));
}

function nodeSizeOf({ metadata, status }: Node): NodeSize | undefined {
  const cpus = quantityFrom(status?.allocatable?.['cpu']);
  const memoryBytes = quantityFrom(status?.allocatable?.['memory']);
  if (cpus === undefined || memoryBytes === undefined) return undefined;
  const architecture = metadata?.labels?.['kubernetes.io/arch'] === 'arm64' ? 'arm64' : 'x86_64';
  return { architecture, cpus, memoryMiB: memoryBytes / 2 ** 20, diskBytes: quantityFrom(status?.allocatable?.['ephemeral-storage']) ?? 0 };
}

function fits({ architecture, vcpus, memoryMiB, storage }: InstanceTypeFacts, node: NodeSize): boolean {
  // KubeVirt asks the scheduler for a part of a CPU per vCPU, so the share that the kubelet keeps of the node's CPUs does not stand in the way.
  const isSize = vcpus <= Math.ceil(node.cpus) && memoryMiB <= node.memoryMiB;
  // Disks that only mappings ask for are no reason not to offer a type.
  const diskBytes = storage === undefined || storage.isMapped ? 0 : storage.count * storage.sizeGB * 1e9;
  return architecture === node.architecture && isSize && diskBytes <= node.diskBytes;
}

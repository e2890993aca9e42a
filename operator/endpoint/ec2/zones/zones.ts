import type { Read } from '../../../kubernetes/read.ts';
import { zoneOfNode } from '../../../kubernetes/node-zone.ts';
import { Node } from '../../../kubernetes/resources.ts';
import { isReadyNode, isUsableNode } from './node-facts.ts';
import { zoneIdOf } from './zone-id.ts';

/** An availability zone as the nodes of the cluster make it. */
export interface Zone {
  name: string;
  id: string;
  /** available: machines can be started; impaired: nodes run, but none takes new machines; unavailable: no node is ready. */
  state: 'available' | 'impaired' | 'unavailable';
  /** What is wrong, for people; absent if nothing is. */
  message?: string;
  nodes: readonly Node[];
}

/** The zones of the cluster, by name. Nodes without a zone label are in the zone `<region>a`. */
export function zonesFrom(read: Read, region: string): Zone[] {
  const nodesByZone = Map.groupBy(read.list(Node), (node) => zoneOfNode(node, region));
  return [...nodesByZone]
    .map(([name, nodes]) => zoneFrom(name, nodes, region))
    .sort((left, right) => (left.name < right.name ? -1 : 1));
}

function zoneFrom(name: string, nodes: readonly Node[], region: string): Zone {
  const identity = { name, id: zoneIdOf(name, region), nodes };
  if (nodes.some(isUsableNode)) return { ...identity, state: 'available' };
  if (nodes.some(isReadyNode)) return { ...identity, state: 'impaired', message: 'No node of the zone takes new instances.' };
  return { ...identity, state: 'unavailable', message: 'No node of the zone is ready.' };
}

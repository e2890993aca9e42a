import type { Node } from './resources.ts';

/** Label of a node that says which zone it is in. */
export const ZONE_LABEL = 'topology.kubernetes.io/zone';

/** The zone of nodes that name none: clients take it for granted that there is one. */
export function unlabelledZoneOf(region: string): string {
  return `${region}a`;
}

/** Whether a node says itself which zone it is in. */
export function namesZone(node: Node): boolean {
  return Boolean(node.metadata?.labels?.[ZONE_LABEL]);
}

/** The zone of a node: that of its label, else `<region>a`. Endpoint and controllers both ask here, so that they agree. */
export function zoneOfNode(node: Node, region: string): string {
  return node.metadata?.labels?.[ZONE_LABEL] || unlabelledZoneOf(region);
}

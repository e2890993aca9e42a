import type { Affinity, NodeSelectorTerm } from '../../kubernetes/kubevirt/kubernetes.ts';
import { namesZone, unlabelledZoneOf, ZONE_LABEL } from '../../kubernetes/node-zone.ts';
import type { Read } from '../../kubernetes/read.ts';
import { Node, type VirtualMachine } from '../../kubernetes/resources.ts';
import type { Json } from '../../kubernetes/write.ts';

/** The part of a machine's template that keeps it in its zone; empty for a machine that may run anywhere. */
export interface ZoneConstraint {
  nodeSelector?: Record<string, string>;
  affinity?: Affinity;
}

const inZone = (zone: string): NodeSelectorTerm => ({ matchExpressions: [{ key: ZONE_LABEL, operator: 'In', values: [zone] }] });
const inNoNamedZone: NodeSelectorTerm = { matchExpressions: [{ key: ZONE_LABEL, operator: 'DoesNotExist' }] };

/**
 * What keeps a machine in a zone: the label of the zone's nodes. The zone that nodes without the label count as has no label to select by, so the
 * nodes without any are let in beside those that carry its name.
 */
export function zoneConstraintFor(zone: string | undefined, read: Read, region: string): ZoneConstraint {
  if (zone === undefined) return {};
  const isEveryNodeLabelled = zone !== unlabelledZoneOf(region) || read.list(Node).every(namesZone);
  if (isEveryNodeLabelled) return { nodeSelector: { [ZONE_LABEL]: zone } };
  return { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [inZone(zone), inNoNamedZone] } } } };
}

/** Whether a machine is kept in this zone, in either way. Pure. */
export function isBoundTo(zone: string, vm: VirtualMachine): boolean {
  const template = vm.spec.template.spec;
  const terms = template?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  const isNamed = terms.some(({ matchExpressions = [] }) => matchExpressions.some(({ key, values }) => key === ZONE_LABEL && values?.includes(zone)));
  return isNamed || template?.nodeSelector?.[ZONE_LABEL] === zone;
}

/** What moves a machine into a zone: a merge patch of its template's spec, which takes away what held it in another. */
export function zonePatchFor(zone: string, vm: VirtualMachine, read: Read, region: string): { [field: string]: Json | undefined } {
  const { nodeSelector, affinity } = zoneConstraintFor(zone, read, region);
  const former = vm.spec.template.spec;
  return {
    ...(nodeSelector !== undefined || former?.nodeSelector !== undefined ? { nodeSelector: nodeSelector ?? { [ZONE_LABEL]: null } } : {}),
    ...(affinity !== undefined || former?.affinity?.nodeAffinity !== undefined
      ? { affinity: { nodeAffinity: (affinity?.nodeAffinity ?? null) as unknown as Json } }
      : {}),
  };
}

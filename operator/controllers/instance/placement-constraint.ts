import { ec2IdOf } from '../../api/ec2-id.ts';
import { partitionOf, PLACEMENT_GROUP_LABEL, PLACEMENT_PARTITION_LABEL } from '../../api/compute/placement-group.ts';
import type { Affinity } from '../../kubernetes/kubevirt/kubernetes.ts';
import { namesZone, ZONE_LABEL } from '../../kubernetes/node-zone.ts';
import type { Read } from '../../kubernetes/read.ts';
import { Node, type Instance, type PlacementGroup, type VirtualMachine } from '../../kubernetes/resources.ts';
import type { Json } from '../../kubernetes/write.ts';
import { isObjection, type Objection } from './objection.ts';
import { objectionToTenancy, placementGroupFor } from './references.ts';

/** The part of a machine's template that keeps it where its placement group wants it; empty without a group. */
export interface PlacementConstraint {
  labels: Readonly<Record<string, string>>;
  affinity?: Pick<Affinity, 'podAffinity' | 'podAntiAffinity'>;
}

type Fields = { [field: string]: Json | undefined };

const placementLabels = [PLACEMENT_GROUP_LABEL, PLACEMENT_PARTITION_LABEL];
const HOST_LABEL = 'kubernetes.io/hostname';
/** Nearness within the zone is a wish: a full node must not keep a machine from running. */
const NEARNESS_WEIGHT = 100;

/** What the placement in an instance's spec comes to, or why it cannot be honoured. */
export function wantedPlacementOf(instance: Instance, read: Read): PlacementConstraint | Objection {
  const tenancyObjection = objectionToTenancy(instance);
  if (tenancyObjection !== undefined) return tenancyObjection;
  const group = placementGroupFor(instance, read);
  if (group !== undefined && isObjection(group)) return group;
  return placementConstraintFor(instance, group, read);
}

/** Whether a machine is in this group and partition already. Pure. */
export function isPlacedAs({ labels }: PlacementConstraint, vm: VirtualMachine): boolean {
  const present = vm.spec.template.metadata?.labels;
  return placementLabels.every((label) => labels[label] === present?.[label]);
}

/** What moves a machine into a group, or out of one: merge patches of its template's labels and affinity. */
export function placementPatchFor({ labels, affinity }: PlacementConstraint, vm: VirtualMachine): { labels: Fields; affinity: Fields } {
  const former = vm.spec.template.spec?.affinity;
  return {
    labels: Object.fromEntries(placementLabels.map((label) => [label, labels[label] ?? null])),
    affinity: {
      podAffinity: inPlaceOf(former?.podAffinity, affinity?.podAffinity),
      podAntiAffinity: inPlaceOf(former?.podAntiAffinity, affinity?.podAntiAffinity),
    },
  };
}

/** A merge patch keeps fields that it does not name: those of the former rule are named to go. */
function inPlaceOf(former: object | undefined, wanted: object | undefined): Json {
  if (wanted === undefined) return null;
  return { ...Object.fromEntries(Object.keys(former ?? {}).map((field) => [field, null])), ...wanted };
}

/**
 * What a placement group means to the scheduler, which looks at the pods of the machines by their labels. cluster: one zone, and one node if it has
 * room. spread: never two on one node, a node being the smallest thing that fails alone. partition: no node is shared with another partition.
 */
export function placementConstraintFor(instance: Instance, group: PlacementGroup | undefined, read: Read): PlacementConstraint {
  if (group === undefined) return { labels: {} };
  const groupLabels = { [PLACEMENT_GROUP_LABEL]: ec2IdOf('pg', group) };
  const labelSelector = { matchLabels: groupLabels };
  switch (group.spec.strategy) {
    case 'cluster':
      return { labels: groupLabels, affinity: { podAffinity: nearby(labelSelector, read) } };
    case 'spread':
      return { labels: groupLabels, affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector, topologyKey: HOST_LABEL }] } } };
    case 'partition': {
      const partition = String(partitionOf(instance, group));
      const others = { matchLabels: groupLabels, matchExpressions: [{ key: PLACEMENT_PARTITION_LABEL, operator: 'NotIn', values: [partition] }] };
      return {
        labels: { ...groupLabels, [PLACEMENT_PARTITION_LABEL]: partition },
        affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector: others, topologyKey: HOST_LABEL }] } },
      };
    }
    default:
      return group.spec.strategy satisfies never;
  }
}

function nearby(labelSelector: { matchLabels: Record<string, string> }, read: Read): NonNullable<Affinity['podAffinity']> {
  const onNode = { weight: NEARNESS_WEIGHT, podAffinityTerm: { labelSelector, topologyKey: HOST_LABEL } };
  // Where nodes have no zone label there is nothing to hold machines together by, and the scheduler would place none.
  if (!read.list(Node).every(namesZone)) return { preferredDuringSchedulingIgnoredDuringExecution: [onNode] };
  return {
    requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector, topologyKey: ZONE_LABEL }],
    preferredDuringSchedulingIgnoredDuringExecution: [onNode],
  };
}

import { ec2IdOf } from '../../api/ec2-id.ts';
import { PlacementGroupConditions, placementGroupNameOf, type PlacementGroupStatus } from '../../api/compute/placement-group.ts';
import type { Read } from '../../kubernetes/read.ts';
import { PlacementGroup } from '../../kubernetes/resources.ts';
import { setCondition } from '../../runtime/conditions.ts';
import type { Outcome, ReconcileContext } from '../../runtime/reconcile.ts';
import { byAge } from '../by-age.ts';

/** Gives a group its id, and says which of several groups with one name counts. */
export async function reconcile(group: PlacementGroup, { read, clock }: ReconcileContext): Promise<Outcome<PlacementGroupStatus>> {
  const observedGeneration = group.metadata.generation ?? 0;
  const groupName = placementGroupNameOf(group);
  const first = placementGroupOf(groupName, group.metadata.namespace, read);
  const isFirst = first === undefined || first.metadata.uid === group.metadata.uid;
  const verdict = isFirst
    ? ({ status: 'True', reason: 'Ready', message: 'Instances can be launched into the group.' } as const)
    : ({ status: 'False', reason: 'DuplicateName', message: `PlacementGroup ${first.metadata.name} is older and has the same name ${groupName}; use another name` } as const);
  const isNews = !isFirst && group.status?.conditions?.[0]?.reason !== verdict.reason;
  return {
    status: {
      groupId: ec2IdOf('pg', group),
      groupName,
      observedGeneration,
      conditions: setCondition(group.status?.conditions, { type: PlacementGroupConditions.ready, ...verdict, observedGeneration }, clock),
    },
    events: isNews ? [{ type: 'Warning', reason: verdict.reason, message: verdict.message }] : [],
  };
}

/** The group that instances mean by a name: of several the oldest. */
export function placementGroupOf(groupName: string, namespace: string | undefined, read: Read): PlacementGroup | undefined {
  return read
    .list(PlacementGroup, namespace)
    .filter((group) => placementGroupNameOf(group) === groupName)
    .toSorted(byAge)[0];
}

/** Groups of the namespace with the same name in EC2, this one included. */
export function namesakesOf(group: PlacementGroup, read: Read): PlacementGroup[] {
  const groupName = placementGroupNameOf(group);
  return read.list(PlacementGroup, group.metadata.namespace).filter((other) => placementGroupNameOf(other) === groupName);
}

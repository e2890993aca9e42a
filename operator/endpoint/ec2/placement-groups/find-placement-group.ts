import type { Instance, PlacementGroup } from '../../../kubernetes/resources.ts';
import { placementGroupNameOf } from '../../../api/compute/placement-group.ts';
import { AwsError } from '../../errors.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { IdKinds, requireOne } from '../ids.ts';
import { instancesByPlacementGroup, placementGroupsById, placementGroupsByName, withinNamespace } from '../indexes.ts';
import { shownStateOf } from '../instances/shown-state.ts';

type Lookup = Pick<ReadOnlyContext, 'read' | 'caller'>;

/** The group of a name: of those that were given the same one with kubectl the oldest, as its controller says. */
export function placementGroupOfName(name: string, { read, caller }: Lookup): PlacementGroup | undefined {
  const ageOf = ({ metadata }: PlacementGroup): string => `${metadata.creationTimestamp ?? ''}/${metadata.name}`;
  return read.byIndex(placementGroupsByName, withinNamespace(caller.namespace, name)).toSorted((left, right) => (ageOf(left) < ageOf(right) ? -1 : 1))[0];
}

/** @throws AwsError InvalidPlacementGroup.Unknown */
export function requirePlacementGroup(name: string, context: Lookup): PlacementGroup {
  const group = placementGroupOfName(name, context);
  if (group) return group;
  throw new AwsError(IdKinds.placementGroup.notFoundCode, IdKinds.placementGroup.notFound([name]));
}

/** @throws AwsError InvalidPlacementGroupId.Malformed, InvalidPlacementGroup.Unknown */
export function requirePlacementGroupOfId(groupId: string, { read, caller }: Lookup): PlacementGroup {
  return requireOne(IdKinds.placementGroup, groupId, (id) => read.byIndex(placementGroupsById, withinNamespace(caller.namespace, id))[0]);
}

/** Instances of a group that are not on their way out. */
export function membersOf(group: PlacementGroup, { read, caller }: Lookup): Instance[] {
  return read.byIndex(instancesByPlacementGroup, withinNamespace(caller.namespace, placementGroupNameOf(group))).filter((instance) => {
    const state = shownStateOf(instance);
    return state !== 'terminated' && state !== 'shutting-down';
  });
}

import type { Placement } from '@aws-sdk/client-ec2';
import { partitionCountOf, placementGroupNameOf, SPREAD_LIMIT_PER_ZONE } from '../../../api/compute/placement-group.ts';
import type { Instance, PlacementGroup } from '../../../kubernetes/resources.ts';
import { AwsError } from '../../errors.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { membersOf, placementGroupOfName, requirePlacementGroup, requirePlacementGroupOfId } from '../placement-groups/find-placement-group.ts';
import { shownStateOf } from './shown-state.ts';

type Lookup = Pick<ReadOnlyContext, 'read' | 'caller'>;

/** What a placement group says about a launch. */
export interface GroupPlacement {
  groupName: string;
  /** The one zone that the launch can be in, if the group leaves no choice. */
  onlyZone: string | undefined;
  /** Of zones that nobody chose the lowest comes first. */
  rankOfZone: (zone: string) => number;
  /** How many more instances the group takes in a zone. */
  roomIn: (zone: string | undefined) => number;
  /** Numbers of the partitions to fill, one after another in turn; without any the group has no partitions. */
  partitions: readonly number[];
}

/**
 * What the placement group that a launch names says about it; undefined without one.
 * @throws AwsError InvalidPlacementGroup.Unknown, InvalidPlacementGroupId.Malformed, InvalidParameterCombination, InvalidParameterValue
 */
export function groupPlacementFor(placement: Placement | undefined, context: Lookup): GroupPlacement | undefined {
  const group = groupOf(placement, context);
  if (!group) return undefined;
  const members = membersOf(group, context);
  const zones = members.map(zoneOf);
  const { strategy } = group.spec;
  const placed = (zone: string | undefined): number => members.filter((member) => isUp(member) && zoneOf(member) === zone).length;
  return {
    groupName: placementGroupNameOf(group),
    onlyZone: strategy === 'cluster' ? zones.find((zone) => zone !== undefined) : undefined,
    rankOfZone: strategy === 'spread' ? placed : () => 0,
    roomIn: (zone) => (strategy === 'spread' ? Math.max(0, SPREAD_LIMIT_PER_ZONE - placed(zone)) : Number.POSITIVE_INFINITY),
    partitions: partitionsFor(placement?.PartitionNumber, group, members),
  };
}

/** EC2's refusal when a group takes no more instances in a zone; SDKs try again later, as they should. */
export function noRoomInGroup(groupName: string): AwsError {
  return new AwsError(
    'InsufficientInstanceCapacity',
    `The spread placement group '${groupName}' takes at most ${SPREAD_LIMIT_PER_ZONE} running instances in one Availability Zone. Try another Availability Zone or group.`,
    { status: 500 },
  );
}

/** EC2's refusal of a zone that a cluster group, all in one zone, is not in. */
export function otherZone({ groupName, onlyZone }: GroupPlacement): AwsError {
  return new AwsError('InvalidParameterCombination', `The cluster placement group '${groupName}' is in the Availability Zone ${onlyZone ?? ''}; it cannot span zones.`);
}

/** Stopped instances of a spread group take no room: to start them needs some. @throws AwsError InsufficientInstanceCapacity */
export function requireRoomToStart(starting: readonly Instance[], context: Lookup): void {
  const byPlace = Map.groupBy(starting.filter(({ spec }) => spec.placement.groupName), (instance) => `${instance.spec.placement.groupName ?? ''}/${zoneOf(instance) ?? ''}`);
  for (const members of byPlace.values()) {
    const [first] = members;
    const group = placementGroupOfName(first?.spec.placement.groupName ?? '', context);
    if (group?.spec.strategy !== 'spread' || first === undefined) continue;
    const placed = membersOf(group, context).filter((member) => isUp(member) && zoneOf(member) === zoneOf(first)).length;
    if (placed + members.length > SPREAD_LIMIT_PER_ZONE) throw noRoomInGroup(placementGroupNameOf(group));
  }
}

function groupOf(placement: Placement | undefined, context: Lookup): PlacementGroup | undefined {
  const { GroupName, GroupId } = placement ?? {};
  if (GroupName && GroupId) throw new AwsError('InvalidParameterCombination', 'The parameter GroupName cannot be used with the parameter GroupId');
  if (GroupName) return requirePlacementGroup(GroupName, context);
  return GroupId ? requirePlacementGroupOfId(GroupId, context) : undefined;
}

function partitionsFor(asked: number | undefined, group: PlacementGroup, members: readonly Instance[]): number[] {
  if (group.spec.strategy !== 'partition') {
    if (asked === undefined) return [];
    throw new AwsError('InvalidParameterCombination', 'The partition number can be given only with a placement group of the strategy partition.');
  }
  const count = partitionCountOf(group);
  if (asked !== undefined) {
    if (asked >= 1 && asked <= count) return [asked];
    throw new AwsError('InvalidParameterValue', `Value (${asked}) for parameter partitionNumber is invalid. The placement group has the partitions 1 to ${count}.`);
  }
  const used = (partition: number): number => members.filter(({ spec }) => spec.placement.partitionNumber === partition).length;
  return Array.from({ length: count }, (_, index) => index + 1).sort((left, right) => used(left) - used(right) || left - right);
}

function zoneOf({ spec, status }: Instance): string | undefined {
  return status?.availabilityZone ?? spec.placement.availabilityZone;
}

function isUp(instance: Instance): boolean {
  return ['pending', 'running', 'stopping'].includes(shownStateOf(instance));
}

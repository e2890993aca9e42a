import { createHash } from 'node:crypto';
import { ec2IdOf } from '../../api/ec2-id.ts';
import { partitionOf } from '../../api/compute/placement-group.ts';
import type { Read } from '../../kubernetes/read.ts';
import { Instance, PersistentVolumeClaim, type PlacementGroup } from '../../kubernetes/resources.ts';
import { byAge } from '../by-age.ts';
import { networkPlaceOf } from '../instance/network-place.ts';
import { placementGroupOf } from '../placement-group/reconcile.ts';
import { isLiving } from './attachment.ts';
import { volumesAround } from './indexes.ts';
import type { VolumeSettings } from './settings.ts';
import { zoneOfClaim } from './zone-of-volume.ts';

/** Nodes that take something, by the zone that they are in. */
export type NodesByZone = ReadonlyMap<string, readonly string[]>;

/** One of the zones that follows from a uid, for what may be in any. */
export function zoneByDigest(uid: string, nodes: NodesByZone): string | undefined {
  const digest = createHash('sha256').update(uid).digest().readUInt32BE();
  return [...nodes.keys()].sort()[digest % Math.max(1, nodes.size)];
}

/** Zone that an instance is in, or is bound to: by its spec, its subnet, or a disk that it has already. */
function boundZoneOf(instance: Instance, read: Read, settings: VolumeSettings): string | undefined {
  const named = instance.status?.availabilityZone ?? instance.spec.placement.availabilityZone ?? networkPlaceOf(instance, read).subnet?.spec.availabilityZone;
  if (named !== undefined) return named;
  for (const volume of volumesAround(instance, read)) {
    const claim = read.get(PersistentVolumeClaim, { namespace: volume.metadata.namespace, name: ec2IdOf('vol', volume) });
    const zone = volume.spec.availabilityZone ?? volume.status?.availabilityZone ?? (claim && zoneOfClaim(claim, read, settings));
    if (zone !== undefined) return zone;
  }
  return undefined;
}

/** Members of a group that have one name here belong into one zone: all of a cluster, those of a partition, each of a spread group for itself. */
function unitOf(instance: Instance, group: PlacementGroup): string {
  switch (group.spec.strategy) {
    case 'cluster':
      return 'cluster';
    case 'partition':
      return String(partitionOf(instance, group));
    case 'spread':
      return instance.metadata.uid ?? instance.metadata.name;
    default:
      return group.spec.strategy satisfies never;
  }
}

/**
 * The zone for a disk that is made before its instance is placed, so that the scheduler can place it there. In a placement group the zone is that of the
 * members that the instance belongs together with; else the one with the most nodes left for it, where older members are thought to have chosen in the
 * same way. Pure.
 */
export function zoneForInstance(instance: Instance, nodes: NodesByZone, read: Read, settings: VolumeSettings): string | undefined {
  const bound = boundZoneOf(instance, read, settings);
  if (bound !== undefined) return bound;
  const { groupName } = instance.spec.placement;
  const group = groupName === undefined || groupName === '' ? undefined : placementGroupOf(groupName, instance.metadata.namespace, read);
  if (group === undefined) return zoneByDigest(instance.metadata.uid ?? instance.metadata.name, nodes);
  const members = read.list(Instance, instance.metadata.namespace).filter((member) => isLiving(member) && member.spec.placement.groupName === groupName);
  const zones = new Map<string, string | undefined>();
  for (const member of members.toSorted(byAge)) {
    const unit = unitOf(member, group);
    zones.set(unit, zones.get(unit) ?? boundZoneOf(member, read, settings));
  }
  const own = unitOf(instance, group);
  const room = new Map([...nodes].map(([zone, names]) => [zone, names.length]));
  const take = (zone: string): void => void room.set(zone, (room.get(zone) ?? 0) - 1);
  for (const zone of zones.values()) if (zone !== undefined) take(zone);
  for (const [unit, zone] of zones) {
    if (unit === own && zone !== undefined) return zone;
    const free = zone ?? roomiest(room);
    if (unit === own) return free;
    if (zone === undefined && free !== undefined) take(free);
  }
  return roomiest(room);
}

function roomiest(room: ReadonlyMap<string, number>): string | undefined {
  return [...room].toSorted(([left, one], [right, other]) => other - one || (left < right ? -1 : 1))[0]?.[0];
}

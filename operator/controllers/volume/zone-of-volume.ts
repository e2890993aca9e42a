import { zoneOfNode } from '../../kubernetes/node-zone.ts';
import type { Read } from '../../kubernetes/read.ts';
import { Node, type PersistentVolumeClaim, type Volume } from '../../kubernetes/resources.ts';
import { instanceOf } from './indexes.ts';
import { SELECTED_NODE_ANNOTATION } from './selected-node.ts';
import type { VolumeSettings } from './settings.ts';

/** The zone of the node that a disk was made for, or is to be. Pure. */
export function zoneOfClaim({ metadata }: PersistentVolumeClaim, read: Read, { region }: VolumeSettings): string | undefined {
  const node = read.get(Node, { name: metadata?.annotations?.[SELECTED_NODE_ANNOTATION] ?? '' });
  return node && zoneOfNode(node, region);
}

/**
 * The zone of a volume: the one that was asked for; else that of the node which the disk was made for, as it was when it was first seen; else that
 * of its instance. Pure.
 */
export function zoneOfVolume(volume: Volume, claim: PersistentVolumeClaim, read: Read, settings: VolumeSettings): string | undefined {
  const { spec, status, metadata } = volume;
  const known = spec.availabilityZone ?? status?.availabilityZone;
  if (known !== undefined) return known;
  const ofClaim = zoneOfClaim(claim, read, settings);
  if (ofClaim !== undefined) return ofClaim;
  const instance = spec.attachment === undefined ? undefined : instanceOf(spec.attachment.instanceId, metadata.namespace, read);
  return instance?.status?.availabilityZone ?? instance?.spec.placement.availabilityZone;
}

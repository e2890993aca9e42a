import type { Ami } from './ami.ts';
import type { BlockDeviceMapping } from './block-device-mapping.ts';

/** What of an image the functions below look at. */
type Devices = Pick<Ami, 'spec' | 'status'>;

/** Whether the root disk of the image's instances ends with the machine. */
export function hasEphemeralRoot({ spec }: Pick<Ami, 'spec'>): boolean {
  return spec.source.containerDisk !== undefined;
}

/**
 * The devices that a machine of the image gets, root first: those that were captured or imported with their snapshots, else those of the spec. An
 * instance-store root has no mapping.
 */
export function imageMappingsOf({ spec, status }: Devices): BlockDeviceMapping[] {
  if (status?.blockDeviceMappings !== undefined) return status.blockDeviceMappings;
  const { rootDeviceName, rootVolumeSize, source, blockDeviceMappings = [] } = spec;
  const others = blockDeviceMappings.filter(({ deviceName }) => !isSameDevice(deviceName, rootDeviceName));
  if (hasEphemeralRoot({ spec })) return others;
  const root = blockDeviceMappings.find(({ deviceName }) => isSameDevice(deviceName, rootDeviceName));
  const snapshot = source.snapshot === undefined ? {} : { snapshotId: source.snapshot.snapshotId };
  return [{ deviceName: rootDeviceName, ebs: { volumeSize: rootVolumeSize, ...root?.ebs, ...snapshot } }, ...others];
}

/** Device names are compared without `/dev/`: EC2 takes `xvdb` and `/dev/xvdb` for the same. */
export function shortNameOf(deviceName: string): string {
  return deviceName.replace(/^\/dev\//, '');
}

/** Whether two names are those of one device. */
export function isSameDevice(one: string, other: string): boolean {
  return shortNameOf(one) === shortNameOf(other);
}

/** Snapshots, by name or id, that volumes of the image's instances are made from. */
export function snapshotsOfImage(ami: Devices): string[] {
  return imageMappingsOf(ami).flatMap(({ ebs }) => (ebs?.snapshotId === undefined ? [] : [ebs.snapshotId]));
}

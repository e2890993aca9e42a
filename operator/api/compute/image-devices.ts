import type { Ami } from './ami.ts';
import type { BlockDeviceMapping } from './block-device-mapping.ts';
import type { Instance } from './instance.ts';
import type { InstanceStorage } from './instance-type.ts';

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

/**
 * What of an instance has a device although it is no Volume: its instance-store root, or an instance store volume that its type has and a mapping names (its
 * own mapping goes before the image's). Mappings name no device of types that have fewer such volumes, or NVMe ones. `undefined` if the device is free of them.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_BlockDeviceMapping.html
 */
export function storeDiskAt(device: string, { spec, status }: Pick<Instance, 'spec' | 'status'>, ami: Devices | undefined, storage: InstanceStorage | undefined): string | undefined {
  const hasStoreRoot = status?.rootDeviceType === 'instance-store' || (ami !== undefined && hasEphemeralRoot(ami));
  if (hasStoreRoot && isSameDevice(status?.rootDeviceName ?? ami?.spec.rootDeviceName ?? '', device)) return 'root';
  if (storage?.isMapped !== true) return undefined;
  const mappings = [...(spec.blockDeviceMappings ?? []), ...(ami === undefined ? [] : imageMappingsOf(ami))];
  const virtualName = mappings.find(({ deviceName }) => isSameDevice(deviceName, device))?.virtualName;
  return virtualName !== undefined && Number(virtualName.slice('ephemeral'.length)) < storage.count ? virtualName : undefined;
}

/** Snapshots, by name or id, that volumes of the image's instances are made from. */
export function snapshotsOfImage(ami: Devices): string[] {
  return imageMappingsOf(ami).flatMap(({ ebs }) => (ebs?.snapshotId === undefined ? [] : [ebs.snapshotId]));
}

import type { BlockDeviceMapping } from '../../api/compute/block-device-mapping.ts';
import { hasEphemeralRoot, imageMappingsOf, isSameDevice } from '../../api/compute/image-devices.ts';
import type { InstanceStorage } from '../../api/compute/instance-type.ts';
import type { VolumeSpec } from '../../api/storage/volume.ts';
import type { Ami, Instance } from '../../kubernetes/resources.ts';
import { volumeIdOf } from './identity.ts';
import { storeDisksFor, type StoreDisk } from './instance-store.ts';

/** An EBS-like volume of an instance: one Volume, named by its id. */
export interface VolumeDevice {
  deviceName: string;
  isRoot: boolean;
  volumeId: string;
  /** Size in GiB that the launch asked for, if it did. */
  requestedGiB: number | undefined;
  /** Size in GiB that the image asks for; more if the content is larger. */
  imageGiB: number | undefined;
  /** What the image has for content if that is no Snapshot. */
  source: VolumeSpec['source'];
  ebs: NonNullable<BlockDeviceMapping['ebs']>;
  deleteOnTermination: boolean;
}

/** The disks of an instance. */
export interface Devices {
  /** Container image of an instance-store root; absent if the root is a volume. */
  containerDisk: Ami['spec']['source']['containerDisk'];
  /** Root first. */
  volumes: VolumeDevice[];
  /** Disks that live as long as a run. */
  store: StoreDisk[];
}

/** A mapping after the launch's changes, with what the image had there. */
interface MergedMapping {
  mapping: BlockDeviceMapping;
  ofImage?: BlockDeviceMapping;
  ofLaunch?: BlockDeviceMapping;
}

function mappingsOf(instance: Instance, ami: Ami): MergedMapping[] {
  const own = instance.spec.blockDeviceMappings ?? [];
  const inherited = imageMappingsOf(ami).map((ofImage): MergedMapping => {
    const ofLaunch = own.find(({ deviceName }) => isSameDevice(deviceName, ofImage.deviceName));
    if (ofLaunch === undefined) return { mapping: ofImage, ofImage };
    const ebs = ofLaunch.ebs === undefined ? {} : { ebs: { ...ofImage.ebs, ...ofLaunch.ebs } };
    return { mapping: { ...ofLaunch, deviceName: ofImage.deviceName, ...ebs }, ofImage, ofLaunch };
  });
  const added = own.filter(({ deviceName }) => !inherited.some(({ mapping }) => isSameDevice(mapping.deviceName, deviceName)));
  return [...inherited, ...added.map((mapping) => ({ mapping, ofLaunch: mapping }))];
}

function sourceOf({ persistentVolumeClaim, volumeSnapshot }: Ami['spec']['source']): VolumeSpec['source'] {
  if (persistentVolumeClaim !== undefined) return { persistentVolumeClaim };
  return volumeSnapshot === undefined ? undefined : { volumeSnapshot };
}

/** Whether the root disk of the image's instances ends with the machine. */
export function isRootEphemeral(ami: Ami): boolean {
  return hasEphemeralRoot(ami);
}

/**
 * What disks an instance has: the image's mappings with the instance's changes, as EC2 merges them, and the disks of its type. Mappings of instance-store
 * volumes (`ephemeral0` ...) have no effect with types that have no such volumes, or attach all they have, as on EC2. Pure.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/add-instance-store-volumes.html
 */
export function devicesFor(instance: Instance, ami: Ami, storage: InstanceStorage | undefined): Devices {
  const mappings = mappingsOf(instance, ami);
  const virtualNames = mappings.flatMap(({ mapping }) => mapping.virtualName ?? []);
  const volumes = mappings.flatMap(({ mapping, ofImage, ofLaunch }): VolumeDevice[] => {
    const { deviceName, ebs, noDevice } = mapping;
    const isRoot = isSameDevice(deviceName, ami.spec.rootDeviceName);
    if (ebs === undefined || noDevice === true || (isRoot && isRootEphemeral(ami))) return [];
    return [
      {
        deviceName,
        isRoot,
        volumeId: volumeIdOf(instance, deviceName),
        requestedGiB: ofLaunch?.ebs?.volumeSize,
        imageGiB: ofImage?.ebs?.volumeSize,
        source: isRoot && ebs.snapshotId === undefined ? sourceOf(ami.spec.source) : undefined,
        ebs,
        deleteOnTermination: ebs.deleteOnTermination ?? true,
      },
    ];
  });
  const rootFirst = [...volumes.filter(({ isRoot }) => isRoot), ...volumes.filter(({ isRoot }) => !isRoot)];
  return { containerDisk: ami.spec.source.containerDisk, volumes: rootFirst, store: storeDisksFor(storage, virtualNames) };
}

/** What of the mappings cannot be honoured, as a sentence; undefined if everything can. Pure. */
export function objectionToDevices(instance: Instance, ami: Ami): string | undefined {
  for (const { mapping } of mappingsOf(instance, ami)) {
    const { deviceName, ebs, noDevice, virtualName } = mapping;
    const isRoot = isSameDevice(deviceName, ami.spec.rootDeviceName);
    if (isRoot && virtualName !== undefined) return `${deviceName} is the root and cannot be the instance store volume ${virtualName}`;
    if (isRoot && noDevice === true) return `${deviceName} is the root, without which nothing boots`;
    if (ebs === undefined) continue;
    if (isRoot && isRootEphemeral(ami)) return `${deviceName} is the root of a container-disk AMI and cannot be an EBS-like volume`;
    if (ebs.kmsKeyId !== undefined) return `${deviceName}: keys cannot be chosen; use a StorageClass that encrypts, and no kmsKeyId`;
    if (!isRoot && ebs.volumeSize === undefined && ebs.snapshotId === undefined) return `${deviceName} needs volumeSize or snapshotId`;
  }
  return undefined;
}

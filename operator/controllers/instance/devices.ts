import type { BlockDeviceMapping } from '../../api/block-device-mapping.ts';
import type { Ami, Instance } from '../../kubernetes/resources.ts';
import { volumeIdOf } from './identity.ts';

/** Where the content of a volume comes from. */
export type VolumeContent = { kind: 'PersistentVolumeClaim' | 'VolumeSnapshot'; name: string };

/** An EBS-like volume of an instance: one PersistentVolumeClaim, named by the volume's id. */
export interface VolumeDevice {
  deviceName: string;
  isRoot: boolean;
  volumeId: string;
  /** Size in GiB that was asked for, if any was. */
  requestedGiB: number | undefined;
  /** Size in GiB where nobody asked for one. */
  defaultGiB: number;
  /** Absent: a blank volume. */
  content: VolumeContent | undefined;
  deleteOnTermination: boolean;
}

/** The disks of an instance. */
export interface Devices {
  /** Container image of an instance-store root; absent if the root is a volume. */
  containerDisk: Ami['spec']['source']['containerDisk'];
  /** Root first. */
  volumes: VolumeDevice[];
}

/** Device names are compared without `/dev/`: EC2 takes `xvdb` and `/dev/xvdb` for the same. */
function shortName(deviceName: string): string {
  return deviceName.replace(/^\/dev\//, '');
}

function mappingsOf(instance: Instance, ami: Ami): BlockDeviceMapping[] {
  const own = instance.spec.blockDeviceMappings ?? [];
  const inherited = (ami.spec.blockDeviceMappings ?? []).map((mapping): BlockDeviceMapping => {
    const change = own.find(({ deviceName }) => shortName(deviceName) === shortName(mapping.deviceName));
    if (change === undefined) return mapping;
    return { ...change, deviceName: mapping.deviceName, ...(change.ebs === undefined ? {} : { ebs: { ...mapping.ebs, ...change.ebs } }) };
  });
  const added = own.filter(({ deviceName }) => !inherited.some((mapping) => shortName(mapping.deviceName) === shortName(deviceName)));
  return [...inherited, ...added];
}

function rootContentOf({ persistentVolumeClaim, volumeSnapshot }: Ami['spec']['source']): VolumeContent | undefined {
  if (persistentVolumeClaim !== undefined) return { kind: 'PersistentVolumeClaim', name: persistentVolumeClaim.claimName };
  if (volumeSnapshot !== undefined) return { kind: 'VolumeSnapshot', name: volumeSnapshot.name };
  return undefined;
}

/** Whether the root disk of the image's instances ends with the machine. */
export function isRootEphemeral(ami: Ami): boolean {
  return ami.spec.source.containerDisk !== undefined;
}

/**
 * What disks an instance has: the image's mappings with the instance's changes, as EC2 merges them. Mappings of instance-store volumes
 * (`ephemeral0` ...) have no effect, as on EC2 with types that have no such volumes: none of ours has. Pure.
 */
export function devicesFor(instance: Instance, ami: Ami): Devices {
  const isRoot = ({ deviceName }: BlockDeviceMapping): boolean => shortName(deviceName) === shortName(ami.spec.rootDeviceName);
  const mappings = mappingsOf(instance, ami);
  const root = mappings.find(isRoot)?.ebs;
  const rootContent = rootContentOf(ami.spec.source);
  const rootVolume: VolumeDevice[] =
    rootContent === undefined
      ? []
      : [
          {
            deviceName: ami.spec.rootDeviceName,
            isRoot: true,
            volumeId: volumeIdOf(instance, ami.spec.rootDeviceName),
            requestedGiB: root?.volumeSize,
            defaultGiB: ami.spec.rootVolumeSize,
            content: rootContent,
            deleteOnTermination: root?.deleteOnTermination ?? true,
          },
        ];
  const others = mappings.flatMap((mapping): VolumeDevice[] => {
    const { deviceName, ebs, noDevice } = mapping;
    if (isRoot(mapping) || ebs === undefined || noDevice === true) return [];
    return [
      {
        deviceName,
        isRoot: false,
        volumeId: volumeIdOf(instance, deviceName),
        requestedGiB: ebs.volumeSize,
        defaultGiB: 1,
        content: ebs.snapshotId === undefined ? undefined : { kind: 'VolumeSnapshot', name: ebs.snapshotId },
        deleteOnTermination: ebs.deleteOnTermination ?? true,
      },
    ];
  });
  return { containerDisk: ami.spec.source.containerDisk, volumes: [...rootVolume, ...others] };
}

/** What of the mappings cannot be honoured, as a sentence; undefined if everything can. Pure. */
export function objectionToDevices(instance: Instance, ami: Ami): string | undefined {
  for (const { deviceName, ebs } of mappingsOf(instance, ami)) {
    if (ebs === undefined) continue;
    const isRoot = shortName(deviceName) === shortName(ami.spec.rootDeviceName);
    if (isRoot && isRootEphemeral(ami)) return `${deviceName} is the root of a container-disk AMI and cannot be an EBS-like volume`;
    if (ebs.encrypted === true || ebs.kmsKeyId !== undefined) return `${deviceName}: encryption cannot be promised; use a StorageClass that encrypts`;
    if (!isRoot && ebs.volumeSize === undefined && ebs.snapshotId === undefined) return `${deviceName} needs volumeSize or snapshotId`;
  }
  return undefined;
}

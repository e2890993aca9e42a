import { BlockDeviceMapping } from './block-device-mapping.ts';
import { imageMappingsOf, isSameDevice, shortNameOf } from './image-devices.ts';
import type { LaunchTemplateData } from './launch-template-data.ts';
import type { Ami } from './ami.ts';
import { Refusal } from '../refusal.ts';
import { requireFitting, volumeTypeFrom, type Performance } from '../storage/volume-limits.ts';

type Ebs = NonNullable<BlockDeviceMapping['ebs']>;
type AskedMapping = NonNullable<LaunchTemplateData['blockDeviceMappings']>[number];
type AskedEbs = NonNullable<AskedMapping['ebs']>;

/** What must be looked up to judge devices. */
export interface DeviceFacts {
  /** Size in GiB of a snapshot that can be used; undefined if it is not known. Refuses one that cannot be used, with an error of its own. */
  snapshotSizeOf: (snapshotId: string) => number | undefined;
  /** Refuses a volume for which the cluster has no StorageClass, with an error of its own. */
  requireClassFor: (volume: { volumeType: Performance['volumeType']; encrypted: boolean; kmsKeyId: string | undefined }) => void;
}

/**
 * The changes to the image's devices, as the Instance has them. Mappings of instance store volumes are taken whatever the type: EC2 ignores them for types
 * that have no such volumes.
 * @throws Refusal InvalidBlockDeviceMapping, InvalidParameterValue, InvalidParameterCombination, MissingParameter, UnsupportedOperation; and what the
 *   facts refuse
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_BlockDeviceMapping.html
 */
export function launchDevicesFrom(mappings: LaunchTemplateData['blockDeviceMappings'], ami: Ami, facts: DeviceFacts): BlockDeviceMapping[] {
  const names = new Set<string>();
  return (mappings ?? []).map((mapping) => {
    const { deviceName = '' } = mapping;
    if (deviceName === '') throw invalid('A block device mapping needs a device name.');
    const shortName = shortNameOf(deviceName);
    if (names.has(shortName)) throw invalid(`The device '${deviceName}' is used in more than one block-device mapping`);
    names.add(shortName);
    return mappingFrom(mapping, deviceName, ami, facts);
  });
}

function mappingFrom({ noDevice, virtualName, ebs }: AskedMapping, deviceName: string, ami: Ami, facts: DeviceFacts): BlockDeviceMapping {
  const isRoot = shortNameOf(deviceName) === shortNameOf(ami.spec.rootDeviceName);
  const given = [noDevice !== undefined, virtualName !== undefined, ebs !== undefined].filter(Boolean).length;
  if (given !== 1) throw invalid(`The mapping of '${deviceName}' needs exactly one of Ebs, VirtualName and NoDevice`);
  if (noDevice !== undefined) {
    if (isRoot) throw invalid(`The root device '${deviceName}' cannot be left out`);
    return checked({ deviceName, noDevice: true });
  }
  if (virtualName !== undefined) {
    if (!/^ephemeral([0-9]|1[0-9]|2[0-3])$/.test(virtualName)) throw invalid(`Invalid virtual name '${virtualName}' for device '${deviceName}'`);
    if (isRoot) throw invalid(`The root device '${deviceName}' cannot be an instance store volume`);
    return checked({ deviceName, virtualName });
  }
  return checked({ deviceName, ebs: ebsFrom(ebs ?? {}, deviceName, ami, facts) });
}

function ebsFrom(ebs: AskedEbs, deviceName: string, ami: Ami, facts: DeviceFacts): Ebs {
  const isRoot = isSameDevice(deviceName, ami.spec.rootDeviceName);
  if (isRoot && ami.spec.source.containerDisk) throw invalid(`The root device '${deviceName}' of an instance store-backed AMI cannot be an EBS volume`);
  const volumeType = volumeTypeFrom(ebs.volumeType);
  facts.requireClassFor({ volumeType, encrypted: ebs.encrypted ?? false, kmsKeyId: ebs.kmsKeyId || undefined });
  if (ebs['outpostArn'] || ebs['availabilityZone'] || ebs['availabilityZoneId'] || ebs['volumeInitializationRate'] !== undefined || ebs['ebsCardIndex']) {
    throw new Refusal('UnsupportedOperation', `Outposts, zones, initialization rate and EBS card of '${deviceName}' are not supported.`);
  }
  const { volumeSize: size, snapshotId, iops, throughput } = ebs;
  if (isRoot && snapshotId) throw new Refusal('InvalidBlockDeviceMapping', `snapshotId cannot be modified on root device`);
  const snapshotSize = snapshotId ? facts.snapshotSizeOf(snapshotId) : undefined;
  if (size !== undefined && snapshotSize !== undefined && size < snapshotSize) {
    throw invalid(`Volume of size ${size}GB is smaller than snapshot '${snapshotId ?? ''}', expect size >= ${snapshotSize}GB`);
  }
  if (isRoot && size !== undefined && size < ami.spec.rootVolumeSize) {
    throw invalid(`Volume of size ${size}GB is smaller than the root volume of the AMI, expect size >= ${ami.spec.rootVolumeSize}GB`);
  }
  if (!isRoot && size === undefined && !snapshotId && !isMapped(deviceName, ami)) throw invalid(`The device '${deviceName}' needs a volume size`);
  requireFitting({ volumeType, iops, throughput }, size ?? snapshotSize ?? imageSizeOf(deviceName, ami));
  return {
    ...(size !== undefined && { volumeSize: size }),
    ...(snapshotId && { snapshotId }),
    ...(ebs.encrypted && { encrypted: true }),
    ...(ebs.volumeType && { volumeType }),
    ...(iops !== undefined && { iops }),
    ...(throughput !== undefined && { throughput }),
    ...(ebs.deleteOnTermination !== undefined && { deleteOnTermination: ebs.deleteOnTermination }),
  };
}

/** What the image has there, which a launch that gives no size keeps. */
function imageSizeOf(deviceName: string, ami: Ami): number {
  return imageMappingsOf(ami).find((mapping) => isSameDevice(mapping.deviceName, deviceName))?.ebs?.volumeSize ?? 8;
}

function isMapped(deviceName: string, ami: Ami): boolean {
  return imageMappingsOf(ami).some((mapping) => shortNameOf(mapping.deviceName) === shortNameOf(deviceName) && mapping.ebs !== undefined);
}

// The same schema that the API server checks by: bounds and forms stand there.
function checked(mapping: BlockDeviceMapping): BlockDeviceMapping {
  const parsed = BlockDeviceMapping.safeParse(mapping);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw invalid(`Invalid mapping of device '${mapping.deviceName}': ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trimEnd());
}

function invalid(message: string): Refusal {
  return new Refusal('InvalidBlockDeviceMapping', message);
}

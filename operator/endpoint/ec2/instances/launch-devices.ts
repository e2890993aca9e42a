import type { BlockDeviceMapping as SdkBlockDeviceMapping, EbsBlockDevice as SdkEbsBlockDevice } from '@aws-sdk/client-ec2';
import { BlockDeviceMapping } from '../../../api/compute/block-device-mapping.ts';
import { imageMappingsOf, isSameDevice } from '../../../api/compute/image-devices.ts';
import type { Ami } from '../../../kubernetes/resources.ts';
import { AwsError } from '../../errors.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { requireUsableSnapshot } from '../snapshots/find-snapshot.ts';
import { requireClassFor } from '../volumes/require-class.ts';
import { requireFitting, volumeTypeFrom } from '../volumes/volume-limits.ts';

type Ebs = NonNullable<BlockDeviceMapping['ebs']>;
type Lookup = Pick<ReadOnlyContext, 'read' | 'caller'>;

/**
 * The changes to the image's devices, as the Instance has them. Mappings of instance store volumes are taken whatever the type: EC2 ignores them for types
 * that have no such volumes.
 * @throws AwsError InvalidBlockDeviceMapping, InvalidSnapshot.NotFound, UnsupportedOperation
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_BlockDeviceMapping.html
 */
export function blockDeviceMappingsFor(mappings: readonly SdkBlockDeviceMapping[] | undefined, ami: Ami, context: Lookup): BlockDeviceMapping[] {
  const names = new Set<string>();
  return (mappings ?? []).map((mapping) => {
    const deviceName = mapping.DeviceName ?? '';
    if (deviceName === '') throw invalid('A block device mapping needs a device name.');
    const shortName = shortNameOf(deviceName);
    if (names.has(shortName)) throw invalid(`The device '${deviceName}' is used in more than one block-device mapping`);
    names.add(shortName);
    return mappingFrom(mapping, deviceName, ami, context);
  });
}

/** Device names are compared without `/dev/`: EC2 takes `xvdb` and `/dev/xvdb` for the same. */
export function shortNameOf(deviceName: string): string {
  return deviceName.replace(/^\/dev\//, '');
}

function mappingFrom({ NoDevice, VirtualName, Ebs: ebs }: SdkBlockDeviceMapping, deviceName: string, ami: Ami, context: Lookup): BlockDeviceMapping {
  const isRoot = shortNameOf(deviceName) === shortNameOf(ami.spec.rootDeviceName);
  const given = [NoDevice !== undefined, VirtualName !== undefined, ebs !== undefined].filter(Boolean).length;
  if (given !== 1) throw invalid(`The mapping of '${deviceName}' needs exactly one of Ebs, VirtualName and NoDevice`);
  if (NoDevice !== undefined) {
    if (isRoot) throw invalid(`The root device '${deviceName}' cannot be left out`);
    return checked({ deviceName, noDevice: true });
  }
  if (VirtualName !== undefined) {
    if (!/^ephemeral([0-9]|1[0-9]|2[0-3])$/.test(VirtualName)) throw invalid(`Invalid virtual name '${VirtualName}' for device '${deviceName}'`);
    if (isRoot) throw invalid(`The root device '${deviceName}' cannot be an instance store volume`);
    return checked({ deviceName, virtualName: VirtualName });
  }
  return checked({ deviceName, ebs: ebsFrom(ebs ?? {}, deviceName, ami, context) });
}

function ebsFrom(ebs: SdkEbsBlockDevice, deviceName: string, ami: Ami, context: Lookup): Ebs {
  const isRoot = isSameDevice(deviceName, ami.spec.rootDeviceName);
  if (isRoot && ami.spec.source.containerDisk) throw invalid(`The root device '${deviceName}' of an instance store-backed AMI cannot be an EBS volume`);
  requireClassFor({ volumeType: volumeTypeFrom(ebs.VolumeType), encrypted: ebs.Encrypted ?? false, kmsKeyId: ebs.KmsKeyId }, context);
  if (ebs.OutpostArn || ebs.AvailabilityZone || ebs.AvailabilityZoneId || ebs.VolumeInitializationRate !== undefined || ebs.EbsCardIndex) {
    throw new AwsError('UnsupportedOperation', `Outposts, zones, initialization rate and EBS card of '${deviceName}' are not supported.`);
  }
  const size = ebs.VolumeSize;
  if (isRoot && ebs.SnapshotId) throw new AwsError('InvalidBlockDeviceMapping', `snapshotId cannot be modified on root device`);
  const snapshot = ebs.SnapshotId ? requireUsableSnapshot(ebs.SnapshotId, context) : undefined;
  const snapshotSize = snapshot?.status?.volumeSize;
  if (size !== undefined && snapshotSize !== undefined && size < snapshotSize) {
    throw invalid(`Volume of size ${size}GB is smaller than snapshot '${ebs.SnapshotId}', expect size >= ${snapshotSize}GB`);
  }
  if (isRoot && size !== undefined && size < ami.spec.rootVolumeSize) {
    throw invalid(`Volume of size ${size}GB is smaller than the root volume of the AMI, expect size >= ${ami.spec.rootVolumeSize}GB`);
  }
  if (!isRoot && size === undefined && !snapshot && !isMapped(deviceName, ami)) throw invalid(`The device '${deviceName}' needs a volume size`);
  requireFitting({ volumeType: volumeTypeFrom(ebs.VolumeType), iops: ebs.Iops, throughput: ebs.Throughput }, size ?? snapshotSize ?? imageSizeOf(deviceName, ami));
  return {
    ...(size !== undefined && { volumeSize: size }),
    ...(ebs.SnapshotId && { snapshotId: ebs.SnapshotId }),
    ...(ebs.Encrypted && { encrypted: true }),
    ...(ebs.VolumeType !== undefined && { volumeType: ebs.VolumeType }),
    ...(ebs.Iops !== undefined && { iops: ebs.Iops }),
    ...(ebs.Throughput !== undefined && { throughput: ebs.Throughput }),
    ...(ebs.DeleteOnTermination !== undefined && { deleteOnTermination: ebs.DeleteOnTermination }),
  };
}

/** Which performance figures a volume type takes is EC2's rule. @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_EbsBlockDevice.html */
export function requireFittingPerformance({ VolumeType = 'gp2', Iops, Throughput }: SdkEbsBlockDevice): void {
  if (Iops !== undefined && !['gp3', 'io1', 'io2'].includes(VolumeType)) {
    throw new AwsError('InvalidParameterCombination', `The parameter iops is not supported for ${VolumeType} volumes.`);
  }
  if (Iops === undefined && ['io1', 'io2'].includes(VolumeType)) {
    throw new AwsError('MissingParameter', `The request must contain the parameter iops for ${VolumeType} volumes`);
  }
  if (Throughput !== undefined && VolumeType !== 'gp3') {
    throw new AwsError('InvalidParameterCombination', `The parameter throughput is not supported for ${VolumeType} volumes.`);
  }
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

function invalid(message: string): AwsError {
  return new AwsError('InvalidBlockDeviceMapping', message);
}

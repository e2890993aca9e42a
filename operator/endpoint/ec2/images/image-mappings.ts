import type { BlockDeviceMapping as SdkBlockDeviceMapping, EbsBlockDevice as SdkEbsBlockDevice } from '@aws-sdk/client-ec2';
import { BlockDeviceMapping } from '../../../api/compute/block-device-mapping.ts';
import { shortNameOf } from '../../../api/compute/image-devices.ts';
import type { Snapshot } from '../../../kubernetes/resources.ts';
import { AwsError } from '../../errors.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { IdKinds, requireOne } from '../ids.ts';
import { snapshotsById } from '../indexes.ts';

type Lookup = Pick<ReadOnlyContext, 'read' | 'caller'>;
type Ebs = NonNullable<BlockDeviceMapping['ebs']>;

/**
 * Devices of a new image as its spec has them. `isComplete` says that a volume needs a size or a snapshot: not so where the mapping changes one that an
 * instance has.
 * @throws AwsError InvalidBlockDeviceMapping, InvalidSnapshot.NotFound, InvalidSnapshotID.Malformed, IncorrectState, UnsupportedOperation
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_BlockDeviceMapping.html
 */
export function imageMappingsFrom(mappings: readonly SdkBlockDeviceMapping[] | undefined, isComplete: (deviceName: string) => boolean, context: Lookup): BlockDeviceMapping[] {
  const names = new Set<string>();
  return (mappings ?? []).map((mapping) => {
    const deviceName = mapping.DeviceName ?? '';
    if (deviceName === '') throw invalid('A block device mapping needs a device name.');
    if (names.has(shortNameOf(deviceName))) throw invalid(`The device '${deviceName}' is used in more than one block-device mapping`);
    names.add(shortNameOf(deviceName));
    return checked(mappingFrom(mapping, deviceName, isComplete(deviceName), context));
  });
}

function mappingFrom({ NoDevice, VirtualName, Ebs: ebs }: SdkBlockDeviceMapping, deviceName: string, isComplete: boolean, context: Lookup): BlockDeviceMapping {
  const given = [NoDevice !== undefined, VirtualName !== undefined, ebs !== undefined].filter(Boolean).length;
  if (given !== 1) throw invalid(`The mapping of '${deviceName}' needs exactly one of Ebs, VirtualName and NoDevice`);
  if (NoDevice !== undefined) return { deviceName, noDevice: true };
  if (VirtualName !== undefined) return { deviceName, virtualName: VirtualName };
  return { deviceName, ebs: ebsFrom(ebs ?? {}, deviceName, isComplete, context) };
}

function ebsFrom(ebs: SdkEbsBlockDevice, deviceName: string, isComplete: boolean, context: Lookup): Ebs {
  if (ebs.Encrypted || ebs.KmsKeyId) throw new AwsError('UnsupportedOperation', `Encryption of '${deviceName}' is not supported: it is up to the cluster's storage.`);
  if (ebs.OutpostArn || ebs.AvailabilityZone || ebs.AvailabilityZoneId || ebs.VolumeInitializationRate !== undefined || ebs.EbsCardIndex) {
    throw new AwsError('UnsupportedOperation', `Outposts, zones, initialization rate and EBS card of '${deviceName}' are not supported.`);
  }
  const snapshot = ebs.SnapshotId ? requireCompletedSnapshot(ebs.SnapshotId, context) : undefined;
  const leastSize = snapshot?.status?.volumeSize;
  const size = ebs.VolumeSize ?? leastSize;
  if (isComplete && size === undefined && !snapshot) throw invalid(`The device '${deviceName}' needs a volume size or a snapshot`);
  if (size !== undefined && leastSize !== undefined && size < leastSize) {
    throw invalid(`Volume of size ${size}GB is smaller than snapshot '${ebs.SnapshotId ?? ''}', expect size >= ${leastSize}GB`);
  }
  requireFittingPerformance(ebs);
  return {
    ...(size !== undefined && { volumeSize: size }),
    ...(ebs.VolumeType !== undefined && { volumeType: ebs.VolumeType }),
    ...(ebs.Iops !== undefined && { iops: ebs.Iops }),
    ...(ebs.Throughput !== undefined && { throughput: ebs.Throughput }),
    ...(ebs.DeleteOnTermination !== undefined && { deleteOnTermination: ebs.DeleteOnTermination }),
    ...(ebs.SnapshotId && { snapshotId: ebs.SnapshotId }),
  };
}

function requireCompletedSnapshot(snapshotId: string, { read, caller }: Lookup): Snapshot {
  const snapshot = requireOne(IdKinds.snapshot, snapshotId, (id) => read.byIndex(snapshotsById, id).find(({ metadata }) => metadata.namespace === caller.namespace));
  const state = snapshot.status?.state ?? 'pending';
  if (state === 'completed') return snapshot;
  throw new AwsError('IncorrectState', `The snapshot '${snapshotId}' is not in the 'completed' state: it is '${state}'.`);
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

/** Which performance figures a volume type takes is EC2's rule. @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_EbsBlockDevice.html */
function requireFittingPerformance({ VolumeType = 'gp2', Iops, Throughput }: SdkEbsBlockDevice): void {
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

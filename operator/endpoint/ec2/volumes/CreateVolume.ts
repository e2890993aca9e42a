import { randomUUID } from 'node:crypto';
import type { CreateVolumeRequest, Volume as SdkVolume } from '@aws-sdk/client-ec2';
import { ec2IdFrom, ec2IdOf } from '../../../api/ec2-id.ts';
import { VOLUME_FINALIZER, VolumeDefinition } from '../../../api/storage/volume.ts';
import { isAlreadyExists } from '../../../kubernetes/errors.ts';
import { Volume } from '../../../kubernetes/resources.ts';
import { AwsError, missingParameter } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { requestRecordFrom, requireSameParameters } from '../client-token.ts';
import { requireUsableSnapshot } from '../snapshots/find-snapshot.ts';
import { tagsFromSpecifications } from '../tag-specifications.ts';
import { zonesFrom } from '../zones/zones.ts';
import { requireClassFor } from './require-class.ts';
import { sdkVolumeFrom } from './sdk-volume.ts';
import { requireFitting, volumeTypeFrom } from '../../../api/storage/volume-limits.ts';

/**
 * Makes a volume, blank or of a snapshot, in a zone.
 * @throws AwsError MissingParameter, InvalidParameterValue, InvalidParameterCombination, InvalidZone.NotFound, InvalidSnapshot.NotFound, IncorrectState,
 *   IdempotentParameterMismatch, UnsupportedOperation
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVolume.html
 */
export async function createVolume(input: CreateVolumeRequest, context: OperationContext): Promise<SdkVolume> {
  const record = requestRecordFrom(input);
  const spec = specFrom(input, context);
  const id = ec2IdFrom('vol', JSON.stringify([context.caller.accountId, 'CreateVolume', record?.clientToken ?? randomUUID()]));
  const key = { namespace: context.caller.namespace, name: id };
  const volume: Volume = {
    apiVersion: VolumeDefinition.apiVersion,
    kind: VolumeDefinition.kind,
    metadata: { ...key, finalizers: [VOLUME_FINALIZER] },
    spec: { ...spec, ...(record && { request: record }) },
  };
  const earlier = context.read.get(Volume, key);
  if (earlier && record) return repeated(earlier, record, context);
  try {
    return sdkVolumeFrom(await context.write.create(Volume, volume), context);
  } catch (error) {
    if (!isAlreadyExists(error) || !record) throw error;
    return repeated(await context.write.patch(Volume, key, {}), record, context);
  }
}

function repeated(earlier: Volume, record: { parametersHash: string }, context: OperationContext): SdkVolume {
  requireSameParameters(earlier.spec.request, record);
  return sdkVolumeFrom(earlier, context);
}

function specFrom(input: CreateVolumeRequest, context: OperationContext): Volume['spec'] {
  requireHonourable(input);
  const availabilityZone = zoneFrom(input, context);
  const volumeType = volumeTypeFrom(input.VolumeType);
  const snapshot = input.SnapshotId ? requireUsableSnapshot(input.SnapshotId, context) : undefined;
  const { Iops: iops, Throughput: throughput, Encrypted: encrypted = false } = input;
  const size = sizeFrom(input, snapshot?.status?.volumeSize);
  requireFitting({ volumeType, iops, throughput }, size);
  requireClassFor({ volumeType, encrypted, kmsKeyId: input.KmsKeyId }, context);
  const tags = tagsFromSpecifications(input.TagSpecifications, 'volume');
  return {
    size,
    volumeType,
    ...(iops !== undefined && { iops }),
    ...(throughput !== undefined && { throughput }),
    encrypted,
    availabilityZone,
    ...(snapshot && { snapshotId: ec2IdOf('snap', snapshot) }),
    autoEnableIO: false,
    ...(tags.length > 0 && { tags }),
  };
}

/** Options without a counterpart here. */
function requireHonourable(input: CreateVolumeRequest): void {
  if (input.MultiAttachEnabled) throw new AwsError('UnsupportedOperation', 'Multi-attach is not supported.');
  if (input.OutpostArn) throw new AwsError('UnsupportedOperation', 'Outposts are not supported.');
  if (input.VolumeInitializationRate !== undefined) throw new AwsError('UnsupportedOperation', 'A volume initialization rate is not supported.');
  if (input.Operator) throw new AwsError('UnsupportedOperation', 'Managed volumes are not supported.');
}

function sizeFrom({ Size, SnapshotId }: CreateVolumeRequest, snapshotSize: number | undefined): number {
  const size = Size ?? snapshotSize;
  if (size === undefined) throw new AwsError('MissingParameter', 'The request must contain the parameter size/snapshot');
  if (snapshotSize !== undefined && size < snapshotSize) {
    throw new AwsError('InvalidParameterValue', `Volume of ${size} GiB is smaller than snapshot '${SnapshotId ?? ''}', expect size >= ${snapshotSize} GiB`);
  }
  return size;
}

function zoneFrom({ AvailabilityZone, AvailabilityZoneId }: CreateVolumeRequest, { read, region }: OperationContext): string {
  if (!AvailabilityZone && !AvailabilityZoneId) throw missingParameter('AvailabilityZone');
  if (AvailabilityZone && AvailabilityZoneId) {
    throw new AwsError('InvalidParameterCombination', 'The parameter AvailabilityZone cannot be used with the parameter AvailabilityZoneId');
  }
  const zone = zonesFrom(read, region).find(({ name, id }) => (AvailabilityZone ? name === AvailabilityZone : id === AvailabilityZoneId));
  if (zone === undefined) throw new AwsError('InvalidZone.NotFound', `The zone '${AvailabilityZone || (AvailabilityZoneId ?? '')}' does not exist.`);
  return zone.name;
}

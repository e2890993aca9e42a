import type { CreateSnapshotRequest, Snapshot as SdkSnapshot } from '@aws-sdk/client-ec2';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import type { Volume } from '../../../kubernetes/resources.ts';
import { AwsError } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { tagsFromSpecifications } from '../tag-specifications.ts';
import { requireVolume } from '../volumes/find-volume.ts';
import { shownVolumeStateOf } from '../volumes/sdk-volume.ts';
import { shownAttachmentOf } from '../volumes/shown-attachment.ts';
import { descriptionFrom, makeSnapshot } from './new-snapshot.ts';
import { sdkSnapshotFrom } from './sdk-snapshot.ts';

/**
 * Takes a snapshot of a volume, attached or not.
 * @throws AwsError InvalidVolume.NotFound, IncorrectState, InvalidParameterValue, UnsupportedOperation
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSnapshot.html
 */
export async function createSnapshot(input: CreateSnapshotRequest, context: OperationContext): Promise<SdkSnapshot> {
  if (input.OutpostArn || input.Location === 'local') throw new AwsError('UnsupportedOperation', 'Outposts and local snapshots are not supported.');
  const volume = requireVolume(input.VolumeId, context);
  const description = descriptionFrom(input.Description);
  const tags = tagsFromSpecifications(input.TagSpecifications, 'snapshot');
  requireDisk(volume, context);
  const made = await makeSnapshot({ volumeId: ec2IdOf('vol', volume), ...(description !== undefined && { description }) }, tags, context);
  return shownOf(made, volume, context);
}

/** A new snapshot as the API shows it: of the size of its volume from the start. */
export function shownOf(made: Parameters<typeof sdkSnapshotFrom>[0], volume: Volume, context: OperationContext): SdkSnapshot {
  const size = volume.status?.size;
  return { ...(size !== undefined && { VolumeSize: size }), ...sdkSnapshotFrom(made, context), Encrypted: volume.status?.encrypted ?? false };
}

/** @throws AwsError IncorrectState - for a volume without a disk, or on its way out */
export function requireDisk(volume: Volume, { read }: OperationContext): void {
  const state = shownVolumeStateOf(volume, shownAttachmentOf(volume, read));
  if (state === 'available' || state === 'in-use') return;
  throw new AwsError('IncorrectState', `The volume '${ec2IdOf('vol', volume)}' is not in a state that a snapshot can be taken in: it is '${state}'.`);
}

import { createHash, randomUUID } from 'node:crypto';
import type { CreateSnapshotsRequest, CreateSnapshotsResult } from '@aws-sdk/client-ec2';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import { isSameDevice } from '../../../api/compute/image-devices.ts';
import type { Tag } from '../../../api/shared.ts';
import type { Instance, Volume } from '../../../kubernetes/resources.ts';
import { AwsError, invalidParameterValue, missingParameter } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { allBounded } from '../../../kubernetes/bounded.ts';
import { volumesAround } from '../indexes.ts';
import { requireInstance } from '../instances/find-instances.ts';
import { shownStateOf } from '../instances/shown-state.ts';
import { requireFewTags } from '../tag-rules.ts';
import { tagsFromSpecifications } from '../tag-specifications.ts';
import { attachmentTo } from '../volumes/shown-attachment.ts';
import { requireDisk } from './CreateSnapshot.ts';
import { descriptionFrom, makeSnapshot } from './new-snapshot.ts';
import { snapshotInfoFrom } from './sdk-snapshot.ts';

const CONCURRENCY = 8;

/**
 * Takes snapshots of all volumes of an instance at one moment: where there is a guest agent the file systems are held still until all are cut.
 * @throws AwsError InvalidInstanceID.*, IncorrectState, InvalidParameterValue, InvalidParameterCombination, UnsupportedOperation
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSnapshots.html
 */
export async function createSnapshots(input: CreateSnapshotsRequest, context: OperationContext): Promise<CreateSnapshotsResult> {
  if (input.OutpostArn || input.Location === 'local') throw new AwsError('UnsupportedOperation', 'Outposts and local snapshots are not supported.');
  const { InstanceId } = input.InstanceSpecification ?? {};
  if (!InstanceId) throw missingParameter('InstanceSpecification.InstanceId');
  const instance = requireInstance(InstanceId, context);
  const state = shownStateOf(instance);
  if (state !== 'running' && state !== 'stopped') throw new AwsError('IncorrectState', `The instance '${InstanceId}' is not in a state that snapshots can be taken in: it is '${state}'.`);
  const volumes = volumesFor(instance, input, context);
  const description = descriptionFrom(input.Description);
  const tags = tagsFromSpecifications(input.TagSpecifications, 'snapshot');
  for (const volume of volumes) requireDisk(volume, context);
  const set = { name: createHash('sha256').update(randomUUID()).digest('hex').slice(0, 40), size: volumes.length };
  const made = await allBounded(volumes, CONCURRENCY, async (volume) => {
    const parts = { volumeId: ec2IdOf('vol', volume), set, ...(description !== undefined && { description }) };
    const snapshot = await makeSnapshot(parts, input.CopyTagsFromSource === 'volume' ? joined(volume.spec.tags ?? [], tags) : tags, context);
    const size = volume.status?.size;
    return { ...(size !== undefined && { VolumeSize: size }), ...snapshotInfoFrom(snapshot, context), Encrypted: volume.status?.encrypted ?? false };
  });
  return { Snapshots: made };
}

function volumesFor(instance: Instance, { InstanceSpecification: specification }: CreateSnapshotsRequest, { read }: OperationContext): Volume[] {
  const attached = volumesAround(instance, read).filter((volume) => volume.spec.attachment !== undefined && attachmentTo(instance, volume) !== undefined);
  const excluded = new Set(specification?.ExcludeDataVolumeIds);
  const isRoot = (volume: Volume): boolean => isSameDevice(volume.spec.attachment?.device ?? '', instance.status?.rootDeviceName ?? '');
  for (const id of excluded) {
    const named = attached.find((volume) => ec2IdOf('vol', volume) === id);
    if (named === undefined) throw invalidParameterValue('excludeDataVolumeId', id, 'The volume is not attached to the instance.');
    if (isRoot(named)) throw invalidParameterValue('excludeDataVolumeId', id, 'It is the root volume: use ExcludeBootVolume.');
  }
  const volumes = attached.filter((volume) => !excluded.has(ec2IdOf('vol', volume)) && !(specification?.ExcludeBootVolume === true && isRoot(volume)));
  if (volumes.length === 0) throw new AwsError('InvalidParameterCombination', `There are no volumes of the instance '${ec2IdOf('i', instance)}' to take snapshots of.`);
  return volumes;
}

/** Tags of the volume, with those of the request before those of the same key. */
function joined(copied: readonly Tag[], given: readonly Tag[]): Tag[] {
  const keys = new Set(given.map(({ key }) => key));
  const tags = [...copied.filter(({ key }) => !keys.has(key) && !key.toLowerCase().startsWith('aws:')), ...given];
  requireFewTags(tags);
  return tags;
}

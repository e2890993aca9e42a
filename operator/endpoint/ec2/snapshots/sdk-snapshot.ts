import type { Snapshot as SdkSnapshot, SnapshotInfo } from '@aws-sdk/client-ec2';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import type { Snapshot } from '../../../kubernetes/resources.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { accountsByNamespace } from '../indexes.ts';
import { sdkTagsFrom } from '../sdk-tags.ts';

/** What EC2 shows as the volume of a copy. */
const NO_VOLUME = 'vol-ffffffff';

type Context = Pick<ReadOnlyContext, 'read' | 'caller'>;

/** The account that owns a snapshot. */
export function ownerIdOf({ metadata, status }: Snapshot, { read, caller }: Context): string {
  if (metadata.namespace === caller.namespace) return caller.accountId;
  return status?.ownerId ?? read.byIndex(accountsByNamespace, metadata.namespace ?? '')[0]?.spec.accountId ?? '';
}

/** State that the API shows. */
export function shownSnapshotStateOf({ status }: Snapshot): 'pending' | 'completed' | 'error' {
  return status?.state ?? 'pending';
}

function common(snapshot: Snapshot, context: Context): SnapshotInfo {
  const { spec, status, metadata } = snapshot;
  return {
    SnapshotId: ec2IdOf('snap', snapshot),
    VolumeId: status?.volumeId ?? spec.volumeId ?? NO_VOLUME,
    State: shownSnapshotStateOf(snapshot),
    Progress: `${status?.progress ?? 0}%`,
    StartTime: new Date(status?.startTime ?? metadata.creationTimestamp ?? 0),
    OwnerId: ownerIdOf(snapshot, context),
    Description: spec.description ?? '',
    Encrypted: status?.encrypted ?? false,
    ...(status?.volumeSize !== undefined && { VolumeSize: status.volumeSize }),
    // Tags are the owner's.
    Tags: metadata.namespace === context.caller.namespace ? sdkTagsFrom(spec.tags) : [],
  };
}

/** A snapshot in the API's shape. @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Snapshot.html */
export function sdkSnapshotFrom(snapshot: Snapshot, context: Context): SdkSnapshot {
  const { stateMessage, completionTime } = snapshot.status ?? {};
  return {
    ...common(snapshot, context),
    StorageTier: 'standard',
    ...(stateMessage !== undefined && shownSnapshotStateOf(snapshot) !== 'completed' && { StateMessage: stateMessage }),
    ...(completionTime !== undefined && { CompletionTime: new Date(completionTime) }),
  };
}

/** The same in the shape of CreateSnapshots. */
export function snapshotInfoFrom(snapshot: Snapshot, context: Context): SnapshotInfo {
  return common(snapshot, context);
}

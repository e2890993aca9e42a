import type { Snapshot as SdkSnapshot } from '@aws-sdk/client-ec2';
import type { Snapshot } from '../../../kubernetes/resources.ts';
import type { FilterTable } from '../filters.ts';

/** A snapshot with what the API shows of it. */
export interface DescribedSnapshot {
  snapshot: Snapshot;
  sdk: SdkSnapshot;
}

/** Filters of DescribeSnapshots beside tags. @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSnapshots.html */
export const snapshotFilters: FilterTable<DescribedSnapshot> = {
  description: ({ sdk }) => [sdk.Description],
  encrypted: ({ sdk }) => [String(sdk.Encrypted)],
  'owner-alias': ({ sdk }) => [sdk.OwnerAlias],
  'owner-id': ({ sdk }) => [sdk.OwnerId],
  progress: ({ sdk }) => [sdk.Progress],
  'snapshot-id': ({ sdk }) => [sdk.SnapshotId],
  'start-time': ({ sdk }) => [sdk.StartTime?.toISOString()],
  status: ({ sdk }) => [sdk.State],
  'storage-tier': ({ sdk }) => [sdk.StorageTier],
  'transfer-type': () => [],
  'volume-id': ({ sdk }) => [sdk.VolumeId],
  'volume-size': ({ sdk }) => [sdk.VolumeSize?.toString()],
};

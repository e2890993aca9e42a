import type { DescribeSnapshotsRequest, DescribeSnapshotsResult } from '@aws-sdk/client-ec2';
import type { SnapshotSpec } from '../../../api/storage/snapshot.ts';
import { Snapshot } from '../../../kubernetes/resources.ts';
import { invalidParameterValue } from '../../errors.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { predicateFrom, tagFiltersOf } from '../filters.ts';
import { IdKinds, requireEach } from '../ids.ts';
import { forbidPagesWithIds, pageOf, pageScopeOf } from '../pages.ts';
import { findVisibleSnapshot, maySee } from './find-snapshot.ts';
import { ownerIdOf, sdkSnapshotFrom } from './sdk-snapshot.ts';
import { snapshotFilters, type DescribedSnapshot } from './snapshot-filters.ts';

/**
 * Lists the snapshots that the caller may make volumes of: the own ones, those shared with the account, public ones.
 * @throws AwsError InvalidSnapshot.NotFound, InvalidSnapshotID.Malformed, InvalidParameterValue, InvalidParameterCombination, InvalidNextToken
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSnapshots.html
 */
export async function describeSnapshots(input: DescribeSnapshotsRequest, context: ReadOnlyContext): Promise<DescribeSnapshotsResult> {
  forbidPagesWithIds('snapshotIdsSet', input.SnapshotIds, input);
  const tagsOf = ({ metadata, spec }: Snapshot): SnapshotSpec['tags'] => (metadata.namespace === context.caller.namespace ? spec.tags : undefined);
  const matches = predicateFrom(input.Filters, snapshotFilters, ({ snapshot }: DescribedSnapshot) => tagsOf(snapshot));
  // Tags are known before a snapshot is shown: of many snapshots a filter by tag leaves few to be shown.
  const mayMatch = predicateFrom(tagFiltersOf(input.Filters), {}, tagsOf);
  const isOwned = ownedBy(input.OwnerIds, context);
  const isRestorable = restorableBy(input.RestorableByUserIds, context);
  const described = namedBy(input, context)
    .filter((snapshot) => mayMatch(snapshot) && isOwned(snapshot) && isRestorable(snapshot))
    .map((snapshot) => ({ snapshot, sdk: sdkSnapshotFrom(snapshot, context) }))
    .filter(matches);
  const sortKey = ({ snapshot, sdk }: DescribedSnapshot): string => `${snapshot.metadata.creationTimestamp ?? ''}/${sdk.SnapshotId ?? ''}/${snapshot.metadata.uid ?? ''}`;
  const page = pageOf(described, input, { minimum: 5, maximum: 1000 }, pageScopeOf('DescribeSnapshots', context), sortKey);
  return { Snapshots: page.items.map(({ sdk }) => sdk), ...(page.NextToken !== undefined && { NextToken: page.NextToken }) };
}

function namedBy({ SnapshotIds = [] }: DescribeSnapshotsRequest, context: ReadOnlyContext): readonly Snapshot[] {
  if (SnapshotIds.length > 0) return requireEach(IdKinds.snapshot, SnapshotIds, (id) => findVisibleSnapshot(id, context));
  return context.read.list(Snapshot).filter((snapshot) => maySee(snapshot, context.caller));
}

type Test = (snapshot: Snapshot) => boolean;

function ownedBy(owners: readonly string[] | undefined, context: ReadOnlyContext): Test {
  if (!owners || owners.length === 0) return () => true;
  const ids = new Set(owners.map((owner) => accountIdFrom('owner', owner, context)));
  return (snapshot) => ids.has(ownerIdOf(snapshot, context));
}

/** Whether one of the accounts may make volumes of a snapshot; `all` stands for everybody. */
function restorableBy(users: readonly string[] | undefined, context: ReadOnlyContext): Test {
  if (!users || users.length === 0) return () => true;
  const ids = users.map((user) => (user === 'all' ? user : accountIdFrom('restorableBy', user, context)));
  return (snapshot) => {
    const { public: isPublic, createVolumePermissionAccountIds = [] } = snapshot.spec;
    return ids.some((id) => (id === 'all' ? isPublic : createVolumePermissionAccountIds.includes(id) || ownerIdOf(snapshot, context) === id));
  };
}

/** `amazon` and other aliases own nothing here. */
function accountIdFrom(parameter: string, text: string, { caller }: ReadOnlyContext): string {
  if (text === 'self') return caller.accountId;
  if (/^[0-9]{12}$/.test(text) || /^[a-z][a-z-]*$/.test(text)) return text;
  throw invalidParameterValue(parameter, text, 'It must be an account id of 12 digits, or self.');
}

import type { DescribeSnapshotsRequest, DescribeSnapshotsResult } from '@aws-sdk/client-ec2';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import type { SnapshotSpec } from '../../../api/storage/snapshot.ts';
import { Snapshot } from '../../../kubernetes/resources.ts';
import { invalidParameterValue } from '../../errors.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { predicateByView } from '../filters.ts';
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
  const described = (snapshot: Snapshot): DescribedSnapshot => ({ snapshot, sdk: sdkSnapshotFrom(snapshot, context) });
  const matches = predicateByView(input.Filters, snapshotFilters, tagsOf, described);
  const isOwned = ownedBy(input.OwnerIds, context);
  const isRestorable = restorableBy(input.RestorableByUserIds, context);
  const snapshots = namedBy(input, context).filter((snapshot) => isOwned(snapshot) && isRestorable(snapshot) && matches(snapshot));
  const sortKey = (snapshot: Snapshot): string => `${snapshot.metadata.creationTimestamp ?? ''}/${ec2IdOf('snap', snapshot)}/${snapshot.metadata.uid ?? ''}`;
  const page = pageOf(snapshots, input, { minimum: 5, maximum: 1000 }, pageScopeOf('DescribeSnapshots', context), sortKey);
  return { Snapshots: page.items.map((snapshot) => described(snapshot).sdk), ...(page.NextToken !== undefined && { NextToken: page.NextToken }) };
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

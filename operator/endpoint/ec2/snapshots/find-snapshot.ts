import { ofId } from '../../../api/of-id.ts';
import type { Snapshot } from '../../../kubernetes/resources.ts';
import { AwsError } from '../../errors.ts';
import type { Caller, ReadOnlyContext } from '../../operation.ts';
import { IdKinds, requireOne } from '../ids.ts';
import { snapshotsById } from '../indexes.ts';

type Lookup = Pick<ReadOnlyContext, 'read' | 'caller'>;

/** Whether a caller may see a snapshot and make volumes of it. */
export function maySee({ metadata, spec }: Snapshot, { namespace, accountId }: Caller): boolean {
  return metadata.namespace === namespace || spec.public || (spec.createVolumePermissionAccountIds ?? []).includes(accountId);
}

/** The snapshot of this id, if the caller sees it. */
export function findVisibleSnapshot(id: string, { read, caller }: Lookup): Snapshot | undefined {
  const snapshot = ofId(read.byIndex(snapshotsById, id), caller.namespace);
  return snapshot && maySee(snapshot, caller) ? snapshot : undefined;
}

/** The caller's own snapshot of this id. */
export function findOwnSnapshot(id: string, { read, caller }: Lookup): Snapshot | undefined {
  return read.byIndex(snapshotsById, id).find(({ metadata }) => metadata.namespace === caller.namespace);
}

/** @throws AwsError InvalidSnapshotID.Malformed, InvalidSnapshot.NotFound */
export function requireVisibleSnapshot(id: string | undefined, context: Lookup): Snapshot {
  return requireOne(IdKinds.snapshot, id ?? '', (wanted) => findVisibleSnapshot(wanted, context));
}

/** @throws AwsError InvalidSnapshotID.Malformed, InvalidSnapshot.NotFound */
export function requireOwnSnapshot(id: string | undefined, context: Lookup): Snapshot {
  return requireOne(IdKinds.snapshot, id ?? '', (wanted) => findOwnSnapshot(wanted, context));
}

/** A snapshot that volumes can be made of. @throws AwsError InvalidSnapshotID.Malformed, InvalidSnapshot.NotFound, IncorrectState */
export function requireUsableSnapshot(id: string, context: Lookup): Snapshot {
  const snapshot = requireVisibleSnapshot(id, context);
  if (snapshot.status?.state === 'completed' && snapshot.metadata.deletionTimestamp === undefined) return snapshot;
  throw new AwsError('IncorrectState', `Snapshot is not completed: ${id}`);
}


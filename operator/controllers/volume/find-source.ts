import { ec2IdOf } from '../../api/ec2-id.ts';
import { quantityFrom } from '../../kubernetes/quantity.ts';
import type { Read } from '../../kubernetes/read.ts';
import { PersistentVolumeClaim, type Snapshot, type Volume } from '../../kubernetes/resources.ts';
import type { ReconcileContext } from '../../runtime/reconcile.ts';
import { accountIdOfNamespace } from '../account-of-namespace.ts';
import { dataSourceOfSnapshot, VolumeSnapshot } from '../volume-snapshot.ts';
import { bindForeignSnapshot, boundSnapshotNameOf } from './bind-foreign-snapshot.ts';
import { imageSnapshotOf } from './image-snapshot.ts';
import { snapshotOf } from './indexes.ts';
import type { Objection } from './objection.ts';

type Access = Pick<ReconcileContext, 'read' | 'live' | 'write'>;

const BYTES_PER_GIB = 2 ** 30;

/** What a volume is made from. */
export interface VolumeSource {
  dataSource?: { apiGroup?: string; kind: string; name: string };
  /** The claim that is cloned: the clone must have its mode, and can mostly only be made within its class. */
  claim?: PersistentVolumeClaim;
  snapshot?: Snapshot;
  /** Least size; 0 of nothing. */
  GiB: number;
}

/** Whole GiB that hold so many bytes. */
export function gibOf(quantity: string | undefined): number {
  return Math.ceil((quantityFrom(quantity) ?? 0) / BYTES_PER_GIB);
}

/** Size of a claim in GiB: what it has, else what it asks for. */
export function gibOfClaim(claim: PersistentVolumeClaim | undefined): number {
  return gibOf(claim?.status?.capacity?.['storage'] ?? claim?.spec?.resources?.requests?.['storage']);
}

/** Whether an account may make volumes of a snapshot. */
export function maySee({ metadata, spec }: Snapshot, namespace: string | undefined, read: Read): boolean {
  if (metadata.namespace === namespace || spec.public) return true;
  const accountId = accountIdOfNamespace(namespace, read);
  return accountId !== undefined && (spec.createVolumePermissionAccountIds ?? []).includes(accountId);
}

/** A completed snapshot of this account or shared with it, or why there is none. */
export function usableSnapshot(reference: string, namespace: string | undefined, read: Read): Snapshot | Objection {
  const snapshot = snapshotOf(reference, namespace, read);
  if (snapshot === undefined || !maySee(snapshot, namespace, read)) {
    return { reason: 'SnapshotNotFound', message: `snapshot ${reference} does not exist in this namespace, nor is one of that id shared with this account` };
  }
  return completedSnapshot(snapshot, reference);
}

function completedSnapshot(snapshot: Snapshot, reference: string): Snapshot | Objection {
  if (snapshot.metadata.deletionTimestamp !== undefined) return { reason: 'SnapshotNotFound', message: `snapshot ${reference} is being deleted` };
  if (snapshot.status?.state === 'completed') return snapshot;
  if (snapshot.status?.state === 'error') return { reason: 'SnapshotFailed', message: `snapshot ${reference} failed: ${snapshot.status.stateMessage ?? ''}` };
  return { reason: 'SnapshotPending', message: `snapshot ${reference} is not completed yet` };
}

/** Finds what a volume is made from, and makes it usable in the volume's namespace, or says what is in the way. */
export async function findSource(volume: Volume, context: Access): Promise<VolumeSource | Objection> {
  const { read } = context;
  const { namespace } = volume.metadata;
  const { snapshotId, source } = volume.spec;
  if (snapshotId !== undefined) return sourceOfSnapshot(volume, snapshotId, context);
  if (source?.persistentVolumeClaim !== undefined) {
    const { claimName } = source.persistentVolumeClaim;
    const claim = read.get(PersistentVolumeClaim, { namespace, name: claimName });
    if (claim === undefined) return { reason: 'SourceNotFound', message: `claim ${claimName} does not exist in this namespace` };
    return { dataSource: { kind: 'PersistentVolumeClaim', name: claimName }, claim, GiB: gibOfClaim(claim) };
  }
  if (source?.volumeSnapshot === undefined) return { GiB: 0 };
  const { name } = source.volumeSnapshot;
  const found = read.get(VolumeSnapshot, { namespace, name });
  if (found === undefined) return { reason: 'SourceNotFound', message: `VolumeSnapshot ${name} does not exist in this namespace, or the cluster has no CSI snapshotter` };
  return { dataSource: dataSourceOfSnapshot(name), GiB: gibOf(found.status?.restoreSize) };
}

async function sourceOfSnapshot(volume: Volume, reference: string, { read, live, write }: Access): Promise<VolumeSource | Objection> {
  const ofImage = imageSnapshotOf(volume, read);
  const snapshot = ofImage === undefined ? usableSnapshot(reference, volume.metadata.namespace, read) : completedSnapshot(ofImage, reference);
  if ('reason' in snapshot) return snapshot;
  const GiB = snapshot.status?.volumeSize ?? 0;
  const own = snapshot.status?.volumeSnapshotName ?? ec2IdOf('snap', snapshot);
  if (snapshot.metadata.namespace === volume.metadata.namespace) return { dataSource: dataSourceOfSnapshot(own), snapshot, GiB };
  const owner = { type: 'Volume' as const, object: volume };
  const objection = await bindForeignSnapshot(snapshot, owner, boundSnapshotNameOf(ec2IdOf('vol', volume)), { live, write });
  return objection ?? { dataSource: dataSourceOfSnapshot(boundSnapshotNameOf(ec2IdOf('vol', volume))), snapshot, GiB };
}

import { ec2IdOf } from '../../api/ec2-id.ts';
import { SNAPSHOT_ID_LABEL } from '../../api/storage/snapshot.ts';
import { isAlreadyExists, isNotFound } from '../../kubernetes/errors.ts';
import { controllerReferenceTo } from '../../kubernetes/owner-reference.ts';
import { Snapshot, Volume } from '../../kubernetes/resources.ts';
import type { Write } from '../../kubernetes/write.ts';
import type { ReconcileContext } from '../../runtime/reconcile.ts';
import { VolumeSnapshot, VolumeSnapshotContent } from '../volume-snapshot.ts';
import type { Objection } from './objection.ts';

/** Who needs a snapshot of another account; what is bound goes with it. */
export type Borrower = { type: 'Volume'; object: Volume } | { type: 'Snapshot'; object: Snapshot };

/** Name of the CSI snapshot that is bound for a borrower, by the borrower's id. */
export function boundSnapshotNameOf(id: string): string {
  return `${id}-source`;
}

// Contents have no namespace, so the name must tell the borrower's.
function contentNameOf(name: string, namespace: string | undefined): string {
  return `kube-ec2-${namespace ?? ''}-${name}`;
}

/**
 * CSI snapshots are of one namespace, snapshots are shared between accounts: a second pair of objects stands for the same snapshot of the driver in
 * the borrower's namespace. It never removes the snapshot itself (Retain).
 */
export async function bindForeignSnapshot(
  snapshot: Snapshot,
  borrower: Borrower,
  name: string,
  { live, write }: Pick<ReconcileContext, 'live' | 'write'>,
): Promise<Objection | undefined> {
  const contentName = snapshot.status?.volumeSnapshotContentName;
  const content = contentName === undefined ? undefined : await live.fetch(VolumeSnapshotContent, { name: contentName });
  const snapshotHandle = content?.status?.snapshotHandle;
  if (content === undefined || snapshotHandle === undefined) {
    return { reason: 'SnapshotNotFound', message: `the content of snapshot ${ec2IdOf('snap', snapshot)} is not there any more` };
  }
  const namespace = borrower.object.metadata.namespace ?? '';
  const labels = { [SNAPSHOT_ID_LABEL]: ec2IdOf('snap', snapshot) };
  const { driver, sourceVolumeMode } = content.spec;
  await ignoringExisting(
    write.create(VolumeSnapshotContent, {
      apiVersion: VolumeSnapshotContent.apiVersion,
      kind: VolumeSnapshotContent.kind,
      metadata: { name: contentNameOf(name, namespace), labels },
      spec: {
        driver,
        deletionPolicy: 'Retain',
        source: { snapshotHandle },
        ...(sourceVolumeMode === undefined ? {} : { sourceVolumeMode }),
        volumeSnapshotRef: { apiVersion: VolumeSnapshot.apiVersion, kind: VolumeSnapshot.kind, name, namespace },
      },
    }),
  );
  const owner = borrower.type === 'Volume' ? controllerReferenceTo(Volume, borrower.object) : controllerReferenceTo(Snapshot, borrower.object);
  await ignoringExisting(
    write.create(VolumeSnapshot, {
      apiVersion: VolumeSnapshot.apiVersion,
      kind: VolumeSnapshot.kind,
      metadata: { name, namespace, labels, ownerReferences: [owner] },
      spec: { source: { volumeSnapshotContentName: contentNameOf(name, namespace) } },
    }),
  );
  return undefined;
}

/** Removes what was bound; the snapshot of the driver stays. */
export async function releaseForeignSnapshot(name: string, namespace: string | undefined, write: Write): Promise<void> {
  await ignoringMissing(write.remove(VolumeSnapshot, { namespace, name }));
  await ignoringMissing(write.remove(VolumeSnapshotContent, { name: contentNameOf(name, namespace) }));
}

async function ignoringExisting(created: Promise<unknown>): Promise<void> {
  await created.catch((error: unknown) => {
    if (!isAlreadyExists(error)) throw error; // an earlier pass made it
  });
}

async function ignoringMissing(removed: Promise<unknown>): Promise<void> {
  await removed.catch((error: unknown) => {
    if (!isNotFound(error)) throw error; // already gone is what we want
  });
}

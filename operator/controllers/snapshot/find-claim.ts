import { ec2IdOf } from '../../api/ec2-id.ts';
import { SNAPSHOT_ID_LABEL } from '../../api/storage/snapshot.ts';
import { isAlreadyExists, isForbidden, isInvalid } from '../../kubernetes/errors.ts';
import { controllerReferenceTo } from '../../kubernetes/owner-reference.ts';
import type { StorageClass} from '../../kubernetes/resources.ts';
import { Node, PersistentVolumeClaim, Snapshot, type Volume } from '../../kubernetes/resources.ts';
import type { Read } from '../../kubernetes/read.ts';
import { claimModesOf, storageClassFor } from '../../kubernetes/storage-class-choice.ts';
import type { ReconcileContext } from '../../runtime/reconcile.ts';
import { bindForeignSnapshot, boundSnapshotNameOf } from '../volume/bind-foreign-snapshot.ts';
import { claimKeyOf } from '../volume/claim.ts';
import { gibOfClaim, usableSnapshot } from '../volume/find-source.ts';
import { volumeOf } from '../volume/indexes.ts';
import { isObjection, type Objection } from '../volume/objection.ts';
import { SELECTED_NODE_ANNOTATION } from '../volume/selected-node.ts';
import type { VolumeSettings } from '../volume/settings.ts';
import { dataSourceOfSnapshot } from '../volume-snapshot.ts';

type Access = Pick<ReconcileContext, 'read' | 'live' | 'write'>;

/** What a CSI snapshot is taken of. */
export interface SnapshotSource {
  claimName: string;
  GiB: number;
  volume?: Volume;
  encrypted?: boolean;
  /** A volume made of it must have the same. */
  volumeMode: 'Block' | 'Filesystem';
}

/** Name of the claim that a copy goes through. */
export function copyClaimNameOf(snapshot: Snapshot): string {
  return `${ec2IdOf('snap', snapshot)}-copy`;
}

function ofClaim(claimName: string, namespace: string | undefined, read: Read): SnapshotSource | Objection {
  const claim = read.get(PersistentVolumeClaim, { namespace, name: claimName });
  if (claim === undefined) return { reason: 'SourceNotFound', message: `claim ${claimName} does not exist in this namespace` };
  if (claim.status?.phase !== 'Bound') return { reason: 'SourcePending', message: `claim ${claimName} has no disk yet` };
  return { claimName, GiB: gibOfClaim(claim), volumeMode: claim.spec?.volumeMode === 'Block' ? 'Block' : 'Filesystem' };
}

/** Finds the claim that a snapshot is to be taken of, or says what is in the way. A copy is taken of a claim that is made of its source for it. */
export async function findClaim(snapshot: Snapshot, context: Access, settings: VolumeSettings): Promise<SnapshotSource | Objection> {
  const { read } = context;
  const { namespace } = snapshot.metadata;
  const { volumeId, sourceSnapshotId, source } = snapshot.spec;
  if (volumeId !== undefined) {
    const volume = volumeOf(volumeId, namespace, read);
    if (volume === undefined) return { reason: 'VolumeNotFound', message: `volume ${volumeId} does not exist in this namespace` };
    const found = ofClaim(claimKeyOf(volume).name, namespace, read);
    return isObjection(found) ? found : { ...found, volume, ...(volume.status?.encrypted === undefined ? {} : { encrypted: volume.status.encrypted }) };
  }
  if (source?.persistentVolumeClaim !== undefined) return ofClaim(source.persistentVolumeClaim.claimName, namespace, read);
  return ofCopy(snapshot, sourceSnapshotId ?? '', context, settings);
}

async function ofCopy(snapshot: Snapshot, reference: string, context: Access, settings: VolumeSettings): Promise<SnapshotSource | Objection> {
  const { read, write } = context;
  const { namespace } = snapshot.metadata;
  const name = copyClaimNameOf(snapshot);
  const original = usableSnapshot(reference, namespace, read);
  const present = read.get(PersistentVolumeClaim, { namespace, name });
  // What is needed of the original is in the claim once that is bound.
  if (present === undefined && isObjection(original)) return original;
  if (present === undefined && !isObjection(original)) {
    const claim = await copyClaim(snapshot, original, name, context, settings);
    if (isObjection(claim)) return claim;
    try {
      await write.create(PersistentVolumeClaim, claim);
    } catch (error) {
      if (isForbidden(error) || isInvalid(error)) return { reason: 'ClaimRefused', message: `the claim that the copy goes through cannot be made: ${error.message}` };
      if (!isAlreadyExists(error)) throw error; // an earlier pass made it
    }
    return { reason: 'SourcePending', message: 'the content is being copied' };
  }
  const found = ofClaim(name, namespace, read);
  if (isObjection(found) || isObjection(original)) return found;
  return { ...found, ...(original.status?.encrypted === undefined ? {} : { encrypted: original.status.encrypted }) };
}

async function copyClaim(snapshot: Snapshot, original: Snapshot, name: string, { read, live, write }: Access, settings: VolumeSettings): Promise<PersistentVolumeClaim | Objection> {
  const { namespace } = snapshot.metadata;
  const storageClass = storageClassFor({ volumeType: 'gp2', encrypted: original.status?.encrypted ?? false }, read, settings.storageClass);
  if (storageClass === undefined) return { reason: 'StorageClassNotFound', message: 'there is no StorageClass for the claim that the copy goes through' };
  const isForeign = original.metadata.namespace !== namespace;
  const boundName = boundSnapshotNameOf(ec2IdOf('snap', snapshot));
  const objection = isForeign ? await bindForeignSnapshot(original, { type: 'Snapshot', object: snapshot }, boundName, { live, write }) : undefined;
  if (objection !== undefined) return objection;
  const sourceName = isForeign ? boundName : (original.status?.volumeSnapshotName ?? ec2IdOf('snap', original));
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      labels: { [SNAPSHOT_ID_LABEL]: ec2IdOf('snap', snapshot) },
      annotations: anyNode(read),
      ownerReferences: [controllerReferenceTo(Snapshot, snapshot)],
    },
    spec: { ...claimShape(storageClass), ...(original.status?.volumeMode === undefined ? {} : { volumeMode: original.status.volumeMode }), resources: { requests: { storage: `${original.status?.volumeSize ?? 1}Gi` } }, dataSource: dataSourceOfSnapshot(sourceName) },
  };
}

function claimShape(storageClass: StorageClass): NonNullable<PersistentVolumeClaim['spec']> {
  const { accessMode, volumeMode } = claimModesOf(storageClass);
  const storageClassName = storageClass.metadata?.name;
  return { accessModes: [accessMode], volumeMode, ...(storageClassName === undefined ? {} : { storageClassName }) };
}

/** Nobody uses the claim, so a class that waits for the first user would wait for ever. */
function anyNode(read: Read): Record<string, string> {
  const [node] = read.list(Node).filter(({ spec }) => spec?.unschedulable !== true).map(({ metadata }) => metadata?.name ?? '').sort();
  return node === undefined ? {} : { [SELECTED_NODE_ANNOTATION]: node };
}

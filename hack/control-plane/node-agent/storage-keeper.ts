import { isConflict, isNotFound, type AnyObject, type KubernetesClient } from '../kubernetes-client.ts';
import { STORAGE_PROVISIONER } from '../simulated-storage.ts';
import { keyOf, Mirror } from './mirror.ts';
import { bytesOf } from './quantity.ts';
import { WorkQueue } from './work-queue.ts';

/** The part of a PersistentVolumeClaim that the agent looks at. */
interface Claim extends AnyObject {
  spec: {
    accessModes?: string[];
    volumeMode?: string;
    volumeName?: string;
    storageClassName?: string;
    resources?: { requests?: { storage?: string } };
    dataSource?: { kind: string; name: string };
  };
  status?: { phase?: string; capacity?: { storage?: string } };
}

/** The part of a PersistentVolume that the agent looks at. */
interface Volume extends AnyObject {
  spec: { persistentVolumeReclaimPolicy?: string; csi?: { driver?: string } };
  status?: { phase?: string };
}

const SOURCE_RETRY_MILLISECONDS = 1_000;
/** Set by the controller manager on claims that wait for an external provisioner. */
const PROVISIONER_ANNOTATION = 'volume.kubernetes.io/storage-provisioner';

/** Plays the CSI driver of the simulated StorageClass: makes, clones, grows and removes volumes that hold nothing. */
export class StorageKeeper {
  readonly #client: KubernetesClient;
  readonly #claims: Mirror<Claim>;
  readonly #volumes: Mirror<Volume>;

  constructor(client: KubernetesClient, onError: (key: string, error: unknown) => void) {
    this.#client = client;
    const claimQueue: WorkQueue = new WorkQueue(async (key) => this.#reconcileClaim(key, claimQueue), onError);
    const volumeQueue = new WorkQueue(async (name) => this.#reconcileVolume(name), onError);
    this.#claims = new Mirror<Claim>(client, '/api/v1/persistentvolumeclaims', (key, claim) => {
      if (claim) claimQueue.add(key);
    });
    this.#volumes = new Mirror<Volume>(client, '/api/v1/persistentvolumes', (name, volume) => {
      if (volume) volumeQueue.add(name);
    });
  }

  async start(): Promise<void> {
    await Promise.all([this.#claims.start(), this.#volumes.start()]);
  }

  async #reconcileClaim(key: string, queue: WorkQueue): Promise<void> {
    const claim = this.#claims.get(key);
    if (!claim || claim.metadata.deletionTimestamp !== undefined) return;
    if (claim.metadata.annotations?.[PROVISIONER_ANNOTATION] !== STORAGE_PROVISIONER) return;
    if (claim.status?.phase === 'Bound') return this.#grow(claim);
    if (claim.spec.volumeName !== undefined) return;
    if (!(await this.#hasSource(claim))) {
      queue.addAfter(key, SOURCE_RETRY_MILLISECONDS);
      return;
    }
    await this.#client.create('/api/v1/persistentvolumes', volumeFor(claim)).catch((error: unknown) => {
      if (!isConflict(error)) throw error; // made by an earlier pass
    });
  }

  /** Removes the volume of a claim that is gone. */
  async #reconcileVolume(name: string): Promise<void> {
    const volume = this.#volumes.get(name);
    if (volume?.spec.csi?.driver !== STORAGE_PROVISIONER || volume.metadata.deletionTimestamp !== undefined) return;
    if (volume.status?.phase !== 'Released' || volume.spec.persistentVolumeReclaimPolicy !== 'Delete') return;
    await this.#client.remove(`/api/v1/persistentvolumes/${name}`).catch((error: unknown) => {
      if (!isNotFound(error)) throw error;
    });
  }

  /** Whether what the claim is to be made from exists and can be read. */
  async #hasSource({ spec, metadata }: Claim): Promise<boolean> {
    if (!spec.dataSource) return true;
    const { kind, name } = spec.dataSource;
    if (kind === 'PersistentVolumeClaim') return this.#claims.get(`${String(metadata.namespace)}/${name}`)?.status?.phase === 'Bound';
    if (kind !== 'VolumeSnapshot') return false;
    const path = `/apis/snapshot.storage.k8s.io/v1/namespaces/${String(metadata.namespace)}/volumesnapshots/${name}`;
    const snapshot = await this.#client.get<{ status?: { readyToUse?: boolean } }>(path).catch((error: unknown) => {
      if (!isNotFound(error)) throw error;
      return undefined;
    });
    return snapshot?.status?.readyToUse === true;
  }

  async #grow(claim: Claim): Promise<void> {
    const wanted = claim.spec.resources?.requests?.storage;
    if (wanted === undefined || bytesOf(wanted) <= bytesOf(claim.status?.capacity?.storage)) return;
    await this.#client.patch(`/api/v1/persistentvolumes/${String(claim.spec.volumeName)}`, 'merge', { spec: { capacity: { storage: wanted } } });
    const [namespace, name] = keyOf(claim).split('/');
    const path = `/api/v1/namespaces/${String(namespace)}/persistentvolumeclaims/${String(name)}/status`;
    await this.#client.patch(path, 'merge', { status: { capacity: { storage: wanted } } });
  }
}

function volumeFor({ metadata, spec }: Claim): object {
  const { name, namespace, uid } = metadata;
  return {
    metadata: { name: `pvc-${String(uid)}`, annotations: { 'pv.kubernetes.io/provisioned-by': STORAGE_PROVISIONER } },
    spec: {
      capacity: { storage: spec.resources?.requests?.storage },
      accessModes: spec.accessModes,
      volumeMode: spec.volumeMode,
      storageClassName: spec.storageClassName,
      persistentVolumeReclaimPolicy: 'Delete',
      claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', name, namespace, uid },
      csi: { driver: STORAGE_PROVISIONER, volumeHandle: String(uid) },
    },
  };
}

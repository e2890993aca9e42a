import { CDI_API_VERSION } from '../import-objects.ts';
import { isConflict, isNotFound, type AnyObject, type KubernetesClient } from '../kubernetes-client.ts';
import { keyOf, Mirror } from './mirror.ts';
import { WorkQueue } from './work-queue.ts';

/** The part of a DataVolume that the agent looks at. */
interface DataVolume extends AnyObject {
  spec: {
    source: { http?: { url: string }; s3?: { url: string }; registry?: { url: string }; upload?: object };
    storage: { resources: { requests: { storage: string } }; storageClassName?: string };
  };
  status?: { phase?: string; restartCount?: number };
}

/** On a DataVolume that waits for an upload: that it has come. */
export const UPLOADED_ANNOTATION = 'simulator.kube-ec2.io/uploaded';
const STEP_MILLISECONDS = 300;

/**
 * Plays the controllers of the Containerized Data Importer: makes the claim of a DataVolume and a pod that uses it, so that scheduler and provisioner do what
 * they really do, and then says that the disk was imported. A URL with `/missing/` cannot be read, one with `/slow/` never ends.
 */
export class DataVolumeKeeper {
  readonly #client: KubernetesClient;
  readonly #volumes: Mirror<DataVolume>;

  constructor(client: KubernetesClient, onError: (key: string, error: unknown) => void) {
    this.#client = client;
    const queue: WorkQueue = new WorkQueue(async (key) => this.#reconcile(key, queue), onError);
    this.#volumes = new Mirror<DataVolume>(client, `/apis/${CDI_API_VERSION}/datavolumes`, (key, volume) => {
      if (volume) queue.add(key);
    });
  }

  async start(): Promise<void> {
    await this.#volumes.start();
  }

  async #reconcile(key: string, queue: WorkQueue): Promise<void> {
    const volume = this.#volumes.get(key);
    if (!volume || volume.metadata.deletionTimestamp !== undefined || volume.status?.phase === 'Succeeded') return;
    const next = await this.#nextStatus(volume);
    if (next === undefined) return;
    if (next !== 'wait') {
      const path = `/apis/${CDI_API_VERSION}/namespaces/${String(volume.metadata.namespace)}/datavolumes/${String(volume.metadata.name)}/status`;
      this.#volumes.remember(await this.#client.patch<DataVolume>(path, 'merge', { status: next }));
    }
    queue.addAfter(keyOf(volume), STEP_MILLISECONDS);
  }

  /** What the status is to be after the next step; `wait` if a pod or a person has to do something first, undefined if nothing more happens. */
  async #nextStatus(volume: DataVolume): Promise<object | 'wait' | undefined> {
    const { http, s3, registry, upload } = volume.spec.source;
    const url = http?.url ?? s3?.url ?? registry?.url ?? '';
    const { phase, restartCount = 0 } = volume.status ?? {};
    switch (phase) {
      case undefined:
        await this.#createClaimAndPod(volume);
        return { phase: upload ? 'UploadScheduled' : 'ImportScheduled', progress: 'N/A' };
      case 'ImportScheduled':
      case 'UploadScheduled':
        if (!(await this.#isPodRunning(volume))) return 'wait';
        return upload ? { phase: 'UploadReady', progress: 'N/A' } : { phase: 'ImportInProgress', progress: '42.17%' };
      case 'UploadReady':
        if (volume.metadata.annotations?.[UPLOADED_ANNOTATION] !== 'true') return undefined;
        return this.#succeed(volume);
      case 'ImportInProgress':
        if (url.includes('/slow/')) return undefined;
        if (!url.includes('/missing/')) return this.#succeed(volume);
        return restartCount >= 3 ? undefined : { restartCount: restartCount + 1, conditions: [failure] };
      default:
        return undefined;
    }
  }

  async #succeed(volume: DataVolume): Promise<object> {
    await this.#client.remove(podPathOf(volume)).catch((error: unknown) => {
      if (!isNotFound(error)) throw error;
    });
    return { phase: 'Succeeded', progress: '100.0%' };
  }

  async #createClaimAndPod(volume: DataVolume): Promise<void> {
    const { name, namespace, uid } = volume.metadata;
    const ownerReferences = [{ apiVersion: CDI_API_VERSION, kind: 'DataVolume', name: String(name), uid: String(uid), controller: true, blockOwnerDeletion: true }];
    const { resources, storageClassName } = volume.spec.storage;
    const claim = { metadata: { name, ownerReferences }, spec: { accessModes: ['ReadWriteOnce'], volumeMode: 'Block', resources, ...(storageClassName && { storageClassName }) } };
    const container = { name: 'importer', image: 'cdi-importer:simulated', volumeDevices: [{ name: 'disk', devicePath: '/dev/disk' }] };
    const pod = {
      metadata: { name: `importer-${String(name)}`, ownerReferences },
      spec: { restartPolicy: 'OnFailure', automountServiceAccountToken: false, containers: [container], volumes: [{ name: 'disk', persistentVolumeClaim: { claimName: name } }] },
    };
    for (const [plural, object] of [['persistentvolumeclaims', claim], ['pods', pod]] as const) {
      await this.#client.create(`/api/v1/namespaces/${String(namespace)}/${plural}`, object).catch((error: unknown) => {
        if (!isConflict(error)) throw error; // made by an earlier pass
      });
    }
  }

  async #isPodRunning(volume: DataVolume): Promise<boolean> {
    const pod = await this.#client.get<AnyObject & { status?: { phase?: string } }>(podPathOf(volume));
    return pod.status?.phase === 'Running';
  }
}

const failure = { type: 'Running', status: 'False', reason: 'Error', message: 'Unable to connect to http data source: expected status code 200, got 404. Status: 404 Not Found' };

function podPathOf({ metadata }: DataVolume): string {
  return `/api/v1/namespaces/${String(metadata.namespace)}/pods/importer-${String(metadata.name)}`;
}

import type { ImportSource } from '../../api/compute/import-source.ts';
import { importTaskIdOf } from '../../api/compute/import-task.ts';
import type { KubernetesObject } from '../../api/shared.ts';
import { controllerReferenceTo } from '../../kubernetes/owner-reference.ts';
import { ImportTask } from '../../kubernetes/resources.ts';
import type { ResourceType } from '../../kubernetes/resource-type.ts';
import type { ImportSettings } from './settings.ts';

/** The part of CDI's DataVolume that matters here. @see https://github.com/kubevirt/containerized-data-importer/blob/main/doc/datavolumes.md */
export interface DataVolume extends KubernetesObject {
  spec: {
    source: { http?: NonNullable<ImportSource['http']>; [kind: string]: unknown };
    storage: { resources: { requests: { storage: string } }; storageClassName?: string };
    contentType: 'kubevirt';
  };
  status?: {
    phase?: string;
    /** `12.34%`, or `N/A`. */
    progress?: string;
    restartCount?: number;
    conditions?: { type: string; status: string; reason?: string; message?: string }[];
  };
}

/** Token of DataVolume. Its kind is installed with CDI only. */
export const DataVolume: ResourceType<DataVolume> = { apiVersion: 'cdi.kubevirt.io/v1beta1', kind: 'DataVolume', plural: 'datavolumes', namespaced: true };

/** Name of the DataVolume of a task, and of the claim that it makes. */
export function dataVolumeNameOf(task: ImportTask): string {
  return importTaskIdOf(task);
}

/** The DataVolume that does the import: it begins at once, and is kept until its content is in a snapshot. Pure. */
export function dataVolumeFor(task: ImportTask, { storageClass, imports }: ImportSettings): DataVolume {
  const storageClassName = task.spec.storageClassName ?? storageClass;
  return {
    apiVersion: DataVolume.apiVersion,
    kind: DataVolume.kind,
    metadata: {
      name: dataVolumeNameOf(task),
      ...(task.metadata.namespace === undefined ? {} : { namespace: task.metadata.namespace }),
      annotations: {
        // Nobody will use the claim, so with a class that waits for a first user it would wait for ever.
        'cdi.kubevirt.io/storage.bind.immediate.requested': 'true',
        'cdi.kubevirt.io/storage.deleteAfterCompletion': 'false',
      },
      ownerReferences: [controllerReferenceTo(ImportTask, task)],
    },
    spec: {
      source: sourceFor(task.spec.source, imports.s3Endpoint),
      storage: {
        resources: { requests: { storage: `${task.spec.volumeSize}Gi` } },
        ...(storageClassName === undefined ? {} : { storageClassName }),
      },
      contentType: 'kubevirt',
    },
  };
}

/** Address that is really asked: for s3://bucket/key that of the object at the configured server; undefined where there is none, and for uploads. Pure. */
export function urlOf({ http, s3, registry }: ImportSource, s3Endpoint: string | undefined): string | undefined {
  if (s3 === undefined) return http?.url ?? registry?.url;
  if (!s3.url.startsWith('s3://')) return s3.url;
  return s3Endpoint === undefined ? undefined : `${s3Endpoint.replace(/\/$/, '')}/${s3.url.slice('s3://'.length)}`;
}

function sourceFor(source: ImportSource, s3Endpoint: string | undefined): DataVolume['spec']['source'] {
  const { http, s3, registry } = source;
  if (http !== undefined) return { http };
  if (s3 !== undefined) return { s3: { ...s3, url: urlOf(source, s3Endpoint) ?? s3.url } };
  if (registry !== undefined) return { registry: { ...registry, pullMethod: 'pod' } };
  return { upload: {} };
}

/** How far an import is. */
export type ImportProgress = { is: 'going' | 'failed' | 'done'; progress: number; message: string };

/** CDI tries again and again; after so many tries what it says is taken for final. */
const RESTART_LIMIT = 3;

/** What a DataVolume tells. Pure. */
export function progressFrom({ metadata, status }: DataVolume): ImportProgress {
  const { phase = 'Pending', progress, restartCount = 0, conditions = [] } = status ?? {};
  const percent = Math.min(99, Math.floor(Number.parseFloat(progress ?? '') || 0));
  if (phase === 'Succeeded') return { is: 'done', progress: 99, message: 'The disk image is in a volume; a snapshot is made of it.' };
  const running = conditions.find(({ type }) => type === 'Running');
  const problem = running?.status === 'False' && running.reason === 'Error' ? running.message : undefined;
  if (phase === 'Failed' || (problem !== undefined && restartCount >= RESTART_LIMIT)) {
    return { is: 'failed', progress: percent, message: problem ?? 'CDI says that the import failed' };
  }
  if (phase === 'UploadReady') return { is: 'going', progress: percent, message: `Waits for the upload: virtctl image-upload dv ${metadata?.name ?? ''} --no-create --image-path=...` };
  return { is: 'going', progress: percent, message: problem === undefined ? `CDI: ${phase}` : `CDI tries again: ${problem}` };
}

import { Connection } from '../../operator/kubernetes/connection.ts';
import { ApiError } from '../../operator/kubernetes/errors.ts';
import { loadKubeConfig } from '../../operator/kubernetes/kube-config.ts';
import type { ApplyTarget } from '../control-plane/apply.ts';
import { KubernetesError, type PatchKind } from '../control-plane/kubernetes-client.ts';
import { UsageError } from './command-line.ts';

/** The cluster of the caller's kubeconfig, with whatever credentials that has: the operator's own connection in the harness' terms. */
export interface ClusterClient extends ApplyTarget {
  /** URL of its API server. */
  readonly server: string;
  close(): void;
}

const contentTypes: Readonly<Record<PatchKind, string>> = {
  merge: 'application/merge-patch+json',
  'strategic-merge': 'application/strategic-merge-patch+json',
  json: 'application/json-patch+json',
  apply: 'application/apply-patch+yaml',
};

/** Opens the cluster that kubectl would use. @throws UsageError - if there is no usable kubeconfig */
export function openCluster(): ClusterClient {
  const config = readKubeConfig();
  const connection = new Connection(config);
  const call = async <T>(...request: Parameters<Connection['json']>): Promise<T> =>
    connection.json(...request).then(
      (answer) => answer as T,
      (error: unknown) => {
        throw error instanceof ApiError ? new KubernetesError(error.code, error.reason, error.message) : error;
      },
    );
  return {
    server: config.getCurrentCluster()?.server ?? '',
    get: async (path) => call({ verb: 'get', kind: path, method: 'GET', path, isRepeatable: true }),
    patch: async (path, patchKind, patch) =>
      call({ verb: 'patch', kind: path, method: 'PATCH', path, body: JSON.stringify(patch), contentType: contentTypes[patchKind], isRepeatable: true }),
    close: () => connection.close(),
  };
}

function readKubeConfig(): ReturnType<typeof loadKubeConfig> {
  try {
    return loadKubeConfig();
  } catch (error) {
    throw new UsageError(`--cluster: there is no usable kubeconfig; set KUBECONFIG (${error instanceof Error ? error.message : String(error)})`, { cause: error });
  }
}

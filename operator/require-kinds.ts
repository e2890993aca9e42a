import type { Logger } from 'winston';
import { API_GROUP } from './api/shared.ts';
import { delay, type TimerClock } from './kubernetes/clock.ts';
import type { Cluster } from './kubernetes/cluster.ts';
import { isForbidden, isNotFound, isUnavailable } from './kubernetes/errors.ts';
import { groupOf, type ResourceKind } from './kubernetes/resource-type.ts';

/** How long an API server that does not answer is waited for: it may be starting too. */
const PATIENCE_SECONDS = 60;
const RETRY_SECONDS = 1;

/** The cluster is not fit for the operator: the message says what to do. */
export class ClusterError extends Error {
  override readonly name = 'ClusterError';
}

function advice(type: ResourceKind): string {
  if (groupOf(type) === API_GROUP) return `the cluster does not know ${type.kind}: install the CRDs with "kubectl apply --server-side -f crds/", or the Helm chart`;
  if (groupOf(type).endsWith('kubevirt.io')) return `the cluster does not know ${type.kind}: install KubeVirt 1.6 or later; instances are its machines`;
  return `the cluster does not know ${type.kind} (${type.apiVersion})`;
}

async function requireKind(cluster: Pick<Cluster, 'listPage'>, type: ResourceKind): Promise<void> {
  try {
    await cluster.listPage(type, {}, 1);
  } catch (error) {
    if (isNotFound(error)) throw new ClusterError(advice(type));
    if (isForbidden(error)) throw new ClusterError(`this identity may not list ${type.plural}: bind the generated roles (charts/kube-ec2/files/permissions.yaml) to it`, { cause: error });
    throw error;
  }
}

/**
 * Checks that the cluster has the kinds and that we may list them, so that what is missing is said at once rather than by caches that never fill.
 * @throws ClusterError
 */
export async function requireKinds(cluster: Pick<Cluster, 'listPage'>, types: readonly ResourceKind[], log: Logger, clock: TimerClock): Promise<void> {
  const deadline = clock.now() + PATIENCE_SECONDS * 1000;
  for (let attempt = 0; ; attempt += 1) {
    try {
      await Promise.all(types.map((type) => requireKind(cluster, type)));
      return;
    } catch (error) {
      if (!isUnavailable(error)) throw error;
      if (clock.now() > deadline) throw new ClusterError(`the API server does not answer: ${error.message}`, { cause: error });
      if (attempt % 10 === 0) log.warn('the API server does not answer yet', { error });
      await delay(clock, RETRY_SECONDS * 1000);
    }
  }
}

import type { KubeConfig } from '@kubernetes/client-node';
import { collectDefaultMetrics, register } from 'prom-client';
import type { Logger } from 'winston';
import type { Config } from './config.ts';
import { startHealthServer } from './health-server.ts';
import { Caches } from './kubernetes/caches.ts';
import { systemClock } from './kubernetes/clock.ts';
import { Cluster } from './kubernetes/cluster.ts';
import { Account, Instance, VirtualMachine, VirtualMachineClusterInstancetype } from './kubernetes/resources.ts';
import { requireKinds } from './require-kinds.ts';
import { LEASE_REQUEST_SECONDS } from './runtime/leader-election.ts';
import { controllersManager } from './start-controllers.ts';
import { startEndpoint, watchForEndpoint } from './start-endpoint.ts';

/** How long requests in work may take to end at a stop. */
const DRAIN_MILLISECONDS = 10_000;

/** A running operator. */
export interface Operator {
  /** Takes no more work, ends what is under way, gives the lease back, closes connections. */
  stop(): Promise<void>;
}

/**
 * Wires the parts in start order: cluster, its kinds, caches, then what the role asks for. Resolves once requests are answered and the caches are filled.
 * `onFatal` is called if the process must end: the lease is lost, or the controllers cannot start.
 * @throws ClusterError - if the cluster lacks what the operator needs
 */
export async function startOperator(config: Config, kubeConfig: KubeConfig, log: Logger, onFatal: (error: Error) => void): Promise<Operator> {
  collectDefaultMetrics({ register });
  const cluster = new Cluster(kubeConfig, log);
  const ofLease = new Cluster(kubeConfig, log, systemClock, LEASE_REQUEST_SECONDS);
  const caches = new Caches(cluster, log);
  const hasControllers = config.role !== 'endpoint';
  const hasEndpoint = config.role !== 'controllers';

  await requireKinds(cluster, [Account, Instance, VirtualMachineClusterInstancetype, ...(hasControllers ? [VirtualMachine] : [])], log, systemClock);
  if (hasEndpoint) watchForEndpoint(caches);
  const lost = (): void => onFatal(new Error('the lease of the controllers is lost'));
  const manager = hasControllers ? controllersManager(config, { cluster, ofLease }, caches, log, lost) : undefined;
  caches.start();
  // Resolves late in a process that waits for the lease, so it is not waited for.
  manager?.start().catch((error: unknown) => onFatal(error instanceof Error ? error : new Error(String(error))));

  const health = await startHealthServer({ registry: register, isReady: () => caches.hasSynced }, config.metrics.host, config.metrics.port);
  const endpoint = hasEndpoint ? await startEndpoint(config, cluster, caches, log, register) : undefined;
  await caches.synced();
  log.info('ready', {
    role: config.role,
    region: config.region,
    ...(endpoint === undefined ? {} : { endpoint: `http://${endpoint.host}:${String(endpoint.port)}` }),
    metricsPort: health.port,
    milliseconds: Math.round(performance.now()),
  });
  return {
    stop: async () => {
      await Promise.all([endpoint?.close(DRAIN_MILLISECONDS), manager?.stop(DRAIN_MILLISECONDS)]);
      await caches.stop();
      await health.close();
      cluster.close();
      ofLease.close();
    },
  };
}

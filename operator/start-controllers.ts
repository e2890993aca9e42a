import type { Logger } from 'winston';
import { INSTANCE_ID_LABEL } from './api/compute/instance.ts';
import { ACCOUNT_ID_LABEL } from './api/identity/account.ts';
import type { Config } from './config.ts';
import { controllersFor } from './controllers/index.ts';
import type { Caches } from './kubernetes/caches.ts';
import { systemClock } from './kubernetes/clock.ts';
import type { Cluster } from './kubernetes/cluster.ts';
import { Pod, Role, RoleBinding, ServiceAccount } from './kubernetes/resources.ts';
import { LeaderElection } from './runtime/leader-election.ts';
import { Manager } from './runtime/manager.ts';

/** Lease that the controllers of several processes compete for. */
const LEASE_NAME = 'kube-ec2-controllers';

/** Connections to the API server: the lease has one of its own, so that its renewals never wait behind a thousand other requests. */
export interface ControllerClusters {
  cluster: Cluster;
  ofLease: Cluster;
}

/** Of some kinds only what is the controllers' business is kept: pods of instances, identities and rights of accounts. To be called before others watch these kinds. */
export function watchForControllers(caches: Caches): void {
  caches.watch(Pod, { labelSelector: INSTANCE_ID_LABEL });
  for (const type of [ServiceAccount, Role, RoleBinding]) caches.watch(type, { labelSelector: ACCOUNT_ID_LABEL });
}

/** Builds the controllers' manager; it must exist before the caches start. `onLeaseLost` must end the process. */
export function controllersManager(config: Config, { cluster, ofLease }: ControllerClusters, caches: Caches, log: Logger, onLeaseLost: () => void): Manager {
  watchForControllers(caches);
  const election = new LeaderElection({ cluster: ofLease, namespace: config.namespace, name: LEASE_NAME, clock: systemClock, log });
  return new Manager({
    caches,
    live: cluster,
    write: cluster.write,
    controllers: controllersFor(config),
    ...(config.leaderElection ? { election } : {}),
    onLeaseLost,
    log,
  });
}

// A process that runs the widget controller, to be killed and suspended by test/integration/runtime-leader.test.ts.
// Arguments: kubeconfig, identity. Prints one word per transition: `leading`, `lost`.
import { Caches } from '../../operator/kubernetes/caches.ts';
import { systemClock } from '../../operator/kubernetes/clock.ts';
import { Cluster } from '../../operator/kubernetes/cluster.ts';
import { loadKubeConfig } from '../../operator/kubernetes/kube-config.ts';
import { silentLogger } from '../../operator/logger.ts';
import { LeaderElection } from '../../operator/runtime/leader-election.ts';
import { Manager } from '../../operator/runtime/manager.ts';
import { widgetController } from './widget.ts';

const [, , kubeconfig, identity = ''] = process.argv;
const log = silentLogger();
const cluster = new Cluster(loadKubeConfig(kubeconfig), log);
const caches = new Caches(cluster, log);
const election = new LeaderElection({
  cluster,
  namespace: 'default',
  name: 'widgets',
  identity,
  clock: systemClock,
  log,
  // Shorter than in Kubernetes, and long enough for a busy machine to renew in time.
  times: { leaseSeconds: 10, renewSeconds: 7, retrySeconds: 0.5 },
});
const onLeaseLost = (): void => {
  console.log('lost');
  process.exit(3);
};
const manager = new Manager({ caches, live: cluster, write: cluster.write, controllers: [widgetController(identity, 2)], election, onLeaseLost, log });
process.on('SIGTERM', () => {
  void manager.stop().then(() => process.exit(0));
});
await manager.start();
if (manager.isRunning) console.log('leading');

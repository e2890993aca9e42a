import { eventually } from '../../hack/control-plane/readiness.ts';
import { Caches } from '../../operator/kubernetes/caches.ts';
import { Cluster } from '../../operator/kubernetes/cluster.ts';
import { loadKubeConfig } from '../../operator/kubernetes/kube-config.ts';
import { ObservedWrite } from '../../operator/kubernetes/observed-write.ts';
import type { ResourceKind } from '../../operator/kubernetes/resource-type.ts';
import { silentLogger } from '../../operator/logger.ts';
import { Manager } from '../../operator/runtime/manager.ts';
import type { AnyController } from '../../operator/runtime/reconcile.ts';
import { watchForControllers } from '../../operator/start-controllers.ts';
import type { Cloud } from './cloud.ts';

type Key = { namespace?: string | undefined; name?: string };

/**
 * What controllers of an operator that starts anew, with the rights and caches of a real one, write in a namespace and to the object of its name, once they
 * have looked at so many objects there.
 */
export async function writtenByNewOperator(cloud: Cloud, controllers: readonly AnyController[], namespace: string, objects = 1): Promise<string[]> {
  const isThere = ({ namespace: of, name }: Key): boolean => (of ?? name) === namespace;
  const log = silentLogger();
  const cluster = new Cluster(loadKubeConfig(cloud.operatorKubeconfig), log);
  const caches = new Caches(cluster, log);
  watchForControllers(caches);
  const written: string[] = [];
  const note = (type: ResourceKind, key: Key = {}): void => {
    if (isThere(key)) written.push(`${type.kind} ${key.name ?? ''}`);
  };
  const write = new ObservedWrite(cluster.write, { written: (type, { metadata }) => note(type, metadata), removing: (type, key) => () => note(type, key) });
  const seen = new Set<string>();
  const counting = controllers.map((controller): AnyController => ({
    ...controller,
    reconcile: async (object, context) => {
      const outcome = await controller.reconcile(object, context);
      if (isThere(object.metadata ?? {})) seen.add(`${controller.name} ${object.metadata?.name ?? ''}`);
      return outcome;
    },
  }));
  const manager = new Manager({ caches, live: cluster, write, controllers: counting, onLeaseLost: () => undefined, log });
  try {
    await manager.start();
    await eventually(`${String(objects)} objects were looked at`, 60, async () => seen.size >= objects && manager.queueDepth === 0);
  } finally {
    await manager.stop();
    await caches.stop();
    cluster.close();
  }
  return written;
}

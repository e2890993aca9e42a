import type { Clock } from '../../operator/kubernetes/clock.ts';
import { mergePatchFrom } from '../../operator/kubernetes/merge-patch.ts';
import type { ObjectKey } from '../../operator/kubernetes/read.ts';
import { silentLogger } from '../../operator/logger.ts';
import type { AnyController, Outcome } from '../../operator/runtime/reconcile.ts';
import type { FakeCluster } from './fake-cluster.ts';
import { laggingRead } from './lagging-read.ts';

/**
 * One pass of a controller over one object, as the runtime makes it: with the controller's own permissions, then one status write if it changed, then
 * the events. Rejects where the runtime would try again. Of `unseenKinds` the caches show nothing yet.
 */
export async function pass(cluster: FakeCluster, controller: AnyController, key: ObjectKey, clock: Clock, unseenKinds: readonly string[] = []): Promise<Outcome<unknown> | undefined> {
  const object = cluster.get(controller.type, key);
  if (object === undefined) return undefined;
  const limited = cluster.as([...controller.permissions, { group: '', resource: 'events', verbs: ['create', 'patch'], reason: 'events' }]);
  const outcome = await controller.reconcile(object, { read: laggingRead(limited, unseenKinds), live: limited, write: limited, clock, log: silentLogger() });
  if (outcome === undefined) return undefined;
  const patch = mergePatchFrom((object as { status?: unknown }).status ?? {}, outcome.status ?? {});
  if (patch === undefined) return outcome;
  await limited.patchStatus(controller.type, key, { metadata: { uid: object.metadata?.uid }, status: patch });
  for (const event of outcome.events ?? []) await limited.event(object, event);
  return outcome;
}

/** Passes until one writes nothing: what the controller ends with when nothing else moves. Fails after 20. */
export async function passUntilQuiet(cluster: FakeCluster, controller: AnyController, key: ObjectKey, clock: Clock): Promise<Outcome<unknown> | undefined> {
  for (let count = 0; count < 20; count += 1) {
    const before = cluster.writes.length;
    const outcome = await pass(cluster, controller, key, clock);
    const after = cluster.writes.length;
    if (after === before) return outcome;
  }
  throw new Error('the controller does not come to rest');
}

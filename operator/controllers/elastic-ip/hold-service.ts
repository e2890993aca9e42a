import type { ElasticIp } from '../../kubernetes/resources.ts';
import { isAlreadyExists } from '../../kubernetes/errors.ts';
import { Service } from '../../kubernetes/resources.ts';
import type { ReconcileContext } from '../../runtime/reconcile.ts';
import { liveObject } from '../live-object.ts';
import { routePatchFor, serviceFor, type Route } from './service.ts';
import type { ElasticIpSettings } from './settings.ts';

/** Makes sure of the Service, and that it leads where it should. Undefined if somebody else has a Service of that name. */
export async function holdService(elasticIp: ElasticIp, route: Route | undefined, settings: ElasticIpSettings, { read, write }: ReconcileContext): Promise<Service | undefined> {
  const wanted = serviceFor(elasticIp, route, settings);
  const key = { namespace: elasticIp.metadata.namespace, name: wanted.metadata?.name ?? '' };
  const existing = read.get(Service, key);
  if (existing === undefined) {
    try {
      return await write.create(Service, wanted);
    } catch (error) {
      if (!isAlreadyExists(error)) throw error; // the cache lags
    }
  }
  const current = existing ?? (await liveObject(Service, key, write));
  if (current === undefined || !(current.metadata?.ownerReferences ?? []).some(({ uid }) => uid === elasticIp.metadata.uid)) return undefined;
  // What is on its way out is made again once it is gone.
  if (current.metadata?.deletionTimestamp !== undefined) return current;
  const patch = routePatchFor(current, route);
  return patch === undefined ? current : write.patch(Service, key, patch);
}

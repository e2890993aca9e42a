import { isAlreadyExists } from '../../kubernetes/errors.ts';
import { Service } from '../../kubernetes/resources.ts';
import type { ReconcileContext } from '../../runtime/reconcile.ts';
import type { Holder } from '../network-provider/public-addresses.ts';
import { routePatchFor, serviceFor, type Route } from './service.ts';
import type { ElasticIpSettings } from './settings.ts';

/** Makes sure of the Service, and that it leads where it should. Undefined if somebody else has a Service of that name. */
export async function holdService(
  holder: Holder,
  route: Route | undefined,
  settings: ElasticIpSettings,
  { read, live, write }: Pick<ReconcileContext, 'read' | 'live' | 'write'>,
): Promise<Service | undefined> {
  const key = { namespace: holder.namespace, name: holder.name };
  const existing = read.get(Service, key);
  if (existing === undefined) {
    try {
      return await write.create(Service, serviceFor(holder, route, settings));
    } catch (error) {
      if (!isAlreadyExists(error)) throw error; // the cache lags
    }
  }
  const current = existing ?? (await live.fetch(Service, key));
  if (current === undefined || !isHeldFor(holder.owner, current)) return undefined;
  // What is on its way out is made again once it is gone.
  if (current.metadata?.deletionTimestamp !== undefined) return current;
  const patch = routePatchFor(current, route);
  return patch === undefined ? current : write.patch(Service, key, patch);
}

/** Whether a Service is the owner's own. */
export function isHeldFor({ uid }: Pick<Holder['owner'], 'uid'>, service: Service): boolean {
  return (service.metadata?.ownerReferences ?? []).some((reference) => reference.uid === uid);
}

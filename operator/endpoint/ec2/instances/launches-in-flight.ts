import type { Read } from '../../../kubernetes/read.ts';
import { Instance } from '../../../kubernetes/resources.ts';

/** An instance that a call is about to create, as far as quotas and zones are concerned. */
export interface PlannedInstance {
  id: string;
  reservationId: string;
  namespace: string;
  vcpus: number;
  zone: string | undefined;
}

const planned = new Map<string, PlannedInstance>();

/**
 * Instances that calls in this process have decided on but may not have created yet. Without them calls at the same time would each see the whole
 * quota free and the same zone least used. Replicas do not know of each other's: a hard limit across replicas is a ResourceQuota.
 */
export function plannedNotYetCached(read: Read): PlannedInstance[] {
  return [...planned.values()].filter(({ namespace, id }) => read.get(Instance, { namespace, name: id }) === undefined);
}

/** Counts instances as launched while `act` runs; after it the cache holds those that were created. */
export async function whilePlanned<T>(instances: readonly PlannedInstance[], act: () => Promise<T>): Promise<T> {
  const keys = instances.map(({ namespace, id }) => `${namespace}/${id}`);
  instances.forEach((instance, position) => planned.set(keys[position] as string, instance));
  try {
    return await act();
  } finally {
    for (const key of keys) planned.delete(key);
  }
}

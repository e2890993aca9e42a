import type { KubernetesObject } from '../api/shared.ts';
import type { Caches } from './caches.ts';
import { storeKey, storeKeyOf } from './object-store.ts';
import type { ObjectKey } from './read.ts';
import type { ResourceKind } from './resource-type.ts';
import { isSelected } from './selection.ts';

/** Something that a cache will show by and by: a write of ours. */
export interface Expectation {
  kind: string;
  isMet(): boolean;
  /** True as soon as it is met, false after the time. */
  wait(milliseconds: number): Promise<boolean>;
}

/** What the caches will show after an object was written; undefined if they will not, because its kind or the object is not cached. */
export function expectationOf(caches: Caches, type: ResourceKind, object: KubernetesObject): Expectation | undefined {
  const informer = caches.informerOf(type);
  const resourceVersion = object.metadata?.resourceVersion;
  if (informer === undefined || resourceVersion === undefined) return undefined;
  const isCached = informer.store.get(storeKeyOf(object)) !== undefined;
  if (!isCached && isSelected(informer.options, object) !== true) return undefined;
  const isMet = (): boolean => informer.hasReached(resourceVersion);
  return { kind: type.kind, isMet, wait: (milliseconds) => informer.waitUntil(isMet, milliseconds) };
}

/**
 * What the caches will show after an object was removed: it is gone, on its way, or another one of that name. To be asked before the removal, since only
 * then the cache still knows which object is meant. Undefined if the cache does not hold it.
 */
export function removalExpectationOf(caches: Caches, type: ResourceKind, key: ObjectKey): Expectation | undefined {
  const informer = caches.informerOf(type);
  const id = storeKey(type.namespaced ? key : { name: key.name });
  const uid = informer?.store.get(id)?.metadata.uid;
  if (informer === undefined || uid === undefined) return undefined;
  const isMet = (): boolean => {
    const metadata = informer.store.get(id)?.metadata;
    return metadata === undefined || metadata.uid !== uid || metadata.deletionTimestamp !== undefined;
  };
  return { kind: type.kind, isMet, wait: (milliseconds) => informer.waitUntil(isMet, milliseconds) };
}

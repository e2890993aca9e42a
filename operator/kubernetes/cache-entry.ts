import type { KubernetesObject } from '../api/shared.ts';
import { MalformedStreamError } from './line-stream.ts';
import type { NamedObject } from './object-store.ts';
import type { ResourceKind } from './resource-type.ts';

/** Takes away what nobody reads before an object is cached. May change the object, which nobody else holds yet; must keep name, namespace, uid and resourceVersion. */
export type Transform = (object: KubernetesObject) => KubernetesObject;

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/**
 * An object as the cache keeps it: without managedFields and kubectl's copy of the manifest, which make up most of many objects and are of no use here,
 * and with apiVersion and kind, which lists of built-in kinds leave out.
 */
export function cacheEntryFrom(type: ResourceKind, object: KubernetesObject, transform?: Transform): NamedObject {
  const entry = transform === undefined ? object : transform(object);
  entry.apiVersion = type.apiVersion;
  entry.kind = type.kind;
  // A copy without it takes less memory than what `delete` leaves behind.
  const { managedFields: _, ...metadata } = entry.metadata ?? {};
  if (metadata.name === undefined) throw new MalformedStreamError(`a ${type.kind} without a name`);
  if (metadata.annotations !== undefined) delete metadata.annotations[LAST_APPLIED];
  return Object.assign(entry, { metadata }) as NamedObject;
}

import type { KubernetesObject } from '../api/shared.ts';
import type { ResourceType } from './resource-type.ts';

/** Name of an object; namespace is absent for cluster-scoped kinds. */
export interface ObjectKey {
  namespace?: string | undefined;
  name: string;
}

/** A named look-up beside name: `keys` gives the values that an object is found under. Must be pure. */
export interface Index<T extends KubernetesObject> {
  readonly type: ResourceType<T>;
  readonly name: string;
  readonly keys: (object: T) => readonly string[];
}

/** Declares an index. Caches build it at first use and keep it current. Two indexes of one type must have different names. */
export function defineIndex<T extends KubernetesObject>(
  type: ResourceType<T>,
  name: string,
  keys: (object: T) => readonly string[],
): Index<T> {
  return { type, name, keys };
}

/** Look-ups in the informer caches. What they return is shared: never change it. */
export interface Read {
  get<T extends KubernetesObject>(type: ResourceType<T>, key: ObjectKey): T | undefined;
  /** All objects of the type, in one namespace if given. Order is not defined. */
  list<T extends KubernetesObject>(type: ResourceType<T>, namespace?: string): readonly T[];
  byIndex<T extends KubernetesObject>(index: Index<T>, value: string): readonly T[];
}

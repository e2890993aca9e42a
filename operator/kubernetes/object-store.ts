import type { KubernetesObject } from '../api/shared.ts';
import type { Index, ObjectKey } from './read.ts';

/** What is stored: an object with a name. */
export type NamedObject = KubernetesObject & { metadata: { name: string } };

interface BuiltIndex {
  index: Index<KubernetesObject>;
  objectsByValue: Map<string, Map<string, NamedObject>>;
}

/** `namespace/name`, or `/name` for cluster-scoped objects: the identity of an object within its kind. */
export function storeKey({ namespace, name }: ObjectKey): string {
  return `${namespace ?? ''}/${name}`;
}

/** The store key of an object. */
export function storeKeyOf(object: KubernetesObject): string {
  return storeKey({ namespace: object.metadata?.namespace, name: object.metadata?.name ?? '' });
}

/** The objects of one kind in memory, found by name, namespace and index. Indexes are built at first use and kept current. */
export class ObjectStore {
  readonly #objects = new Map<string, NamedObject>();
  readonly #byNamespace = new Map<string, Map<string, NamedObject>>();
  readonly #indexes = new Map<string, BuiltIndex>();
  readonly #report: (index: string, error: unknown) => void;

  /** `report` hears of indexes whose `keys` throw: the object is then not found by that index, and the cache lives on. */
  constructor(report: (index: string, error: unknown) => void = () => undefined) {
    this.#report = report;
  }

  get size(): number {
    return this.#objects.size;
  }

  get(key: string): NamedObject | undefined {
    return this.#objects.get(key);
  }

  keys(): IterableIterator<string> {
    return this.#objects.keys();
  }

  list(namespace?: string): readonly NamedObject[] {
    if (namespace === undefined) return [...this.#objects.values()];
    return [...(this.#byNamespace.get(namespace)?.values() ?? [])];
  }

  /** @throws Error - if another index of the same name is in use: a programming error */
  byIndex(index: Index<KubernetesObject>, value: string): readonly NamedObject[] {
    let built = this.#indexes.get(index.name);
    if (built === undefined) built = this.#build(index);
    if (built.index !== index) throw new Error(`two indexes of ${index.type.kind} are named ${index.name}`);
    return [...(built.objectsByValue.get(value)?.values() ?? [])];
  }

  /** Stores an object, and returns the one that was in its place. */
  set(key: string, object: NamedObject): NamedObject | undefined {
    const previous = this.#objects.get(key);
    this.#objects.set(key, object);
    const namespace = object.metadata.namespace ?? '';
    addTo(this.#byNamespace, namespace, key, object);
    for (const built of this.#indexes.values()) {
      if (previous !== undefined) this.#unindex(built, key, previous);
      for (const value of this.#valuesOf(built.index, object)) addTo(built.objectsByValue, value, key, object);
    }
    return previous;
  }

  /** Removes an object and returns it. */
  delete(key: string): NamedObject | undefined {
    const previous = this.#objects.get(key);
    if (previous === undefined) return undefined;
    this.#objects.delete(key);
    removeFrom(this.#byNamespace, previous.metadata.namespace ?? '', key);
    for (const built of this.#indexes.values()) this.#unindex(built, key, previous);
    return previous;
  }

  #build(index: Index<KubernetesObject>): BuiltIndex {
    const built: BuiltIndex = { index, objectsByValue: new Map() };
    for (const [key, object] of this.#objects) for (const value of this.#valuesOf(index, object)) addTo(built.objectsByValue, value, key, object);
    this.#indexes.set(index.name, built);
    return built;
  }

  #unindex({ index, objectsByValue }: BuiltIndex, key: string, previous: NamedObject): void {
    for (const value of this.#valuesOf(index, previous)) removeFrom(objectsByValue, value, key);
  }

  #valuesOf(index: Index<KubernetesObject>, object: NamedObject): readonly string[] {
    try {
      return index.keys(object);
    } catch (error) {
      this.#report(index.name, error);
      return [];
    }
  }
}

function addTo(groups: Map<string, Map<string, NamedObject>>, group: string, key: string, object: NamedObject): void {
  let members = groups.get(group);
  if (members === undefined) {
    members = new Map();
    groups.set(group, members);
  }
  members.set(key, object);
}

function removeFrom(groups: Map<string, Map<string, NamedObject>>, group: string, key: string): void {
  const members = groups.get(group);
  members?.delete(key);
  if (members?.size === 0) groups.delete(group);
}

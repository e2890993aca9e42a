import type { Logger } from 'winston';
import type { KubernetesObject } from '../api/shared.ts';
import { systemClock, type TimerClock } from './clock.ts';
import type { Cluster } from './cluster.ts';
import { Informer, type InformerOptions } from './informer.ts';
import { storeKey } from './object-store.ts';
import type { Index, ObjectKey, Read } from './read.ts';
import type { ResourceKind, ResourceType } from './resource-type.ts';

/** The informers of a process: one per kind, and Read over all of them. */
export class Caches implements Read {
  readonly #cluster: Pick<Cluster, 'listPage' | 'openWatch'>;
  readonly #log: Logger;
  readonly #clock: TimerClock;
  readonly #informers = new Map<string, Informer>();
  #isStarted = false;

  constructor(cluster: Pick<Cluster, 'listPage' | 'openWatch'>, log: Logger, clock: TimerClock = systemClock) {
    this.#cluster = cluster;
    this.#log = log;
    this.#clock = clock;
  }

  /**
   * Makes a kind readable. The first call decides what part of the kind is cached; later ones without options share it.
   * @throws Error - if the kind is cached already and other options are given: a programming error
   */
  watch(type: ResourceKind, options?: InformerOptions): Informer {
    const id = `${type.apiVersion}/${type.plural}`;
    const known = this.#informers.get(id);
    if (known !== undefined) {
      if (options !== undefined && options !== known.options) throw new Error(`${type.kind} is watched already, with other options`);
      return known;
    }
    const informer = new Informer(this.#cluster, type, options ?? {}, this.#log, this.#clock);
    this.#informers.set(id, informer);
    if (this.#isStarted) informer.start();
    return informer;
  }

  /** The informer of a kind, undefined if it is not watched. */
  informerOf(type: ResourceKind): Informer | undefined {
    return this.#informers.get(`${type.apiVersion}/${type.plural}`);
  }

  /** Begins to list and watch. */
  start(): void {
    this.#isStarted = true;
    for (const informer of this.#informers.values()) informer.start();
  }

  /** Resolves when every kind has been listed once. */
  async synced(): Promise<void> {
    await Promise.all([...this.#informers.values()].map((informer) => informer.synced));
  }

  get hasSynced(): boolean {
    return [...this.#informers.values()].every((informer) => informer.hasSynced);
  }

  /** Whether changes of all these kinds come at once; not while the watch of one is interrupted. */
  isWatching(types: readonly ResourceKind[]): boolean {
    return types.every((type) => this.informerOf(type)?.isWatching === true);
  }

  /** Kinds that have not been listed yet, for messages about a start that takes long. */
  get missing(): string[] {
    return [...this.#informers.values()].filter((informer) => !informer.hasSynced).map((informer) => informer.type.kind);
  }

  /** Seconds since the API server last spoke about the kind that it has been silent about for longest. */
  get stalenessSeconds(): number {
    return Math.max(0, ...[...this.#informers.values()].map((informer) => informer.stalenessSeconds));
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#informers.values()].map((informer) => informer.stop()));
  }

  get<T extends KubernetesObject>(type: ResourceType<T>, key: ObjectKey): T | undefined {
    // The store of a type holds objects of that type: they come from the API server under its path.
    return this.#of(type).store.get(storeKey(type.namespaced ? key : { name: key.name })) as KubernetesObject | undefined as T | undefined;
  }

  list<T extends KubernetesObject>(type: ResourceType<T>, namespace?: string): readonly T[] {
    return this.#of(type).store.list(type.namespaced ? namespace : undefined) as readonly KubernetesObject[] as readonly T[];
  }

  byIndex<T extends KubernetesObject>(index: Index<T>, value: string): readonly T[] {
    const erased = index as unknown as Index<KubernetesObject>;
    return this.#of(index.type).store.byIndex(erased, value) as readonly KubernetesObject[] as readonly T[];
  }

  #of(type: ResourceKind): Informer {
    const informer = this.informerOf(type);
    if (informer === undefined) throw new Error(`${type.kind} is read but not watched: add it to the caches with watch()`);
    return informer;
  }
}

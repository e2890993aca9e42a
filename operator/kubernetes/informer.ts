import type { Logger } from 'winston';
import { ConditionWaiters } from './condition-waiters.ts';
import { delay, type TimerClock } from './clock.ts';
import type { Cluster, Selection } from './cluster.ts';
import { isExpired, isNotFound } from './errors.ts';
import { cacheEntryFrom, type Transform } from './cache-entry.ts';
import { countWatchFailure, forgetStaleness, observeStaleness } from './informer-metrics.ts';
import { linesOf } from './line-stream.ts';
import { listAll } from './list-all.ts';
import { ObjectStore, storeKeyOf, type NamedObject } from './object-store.ts';
import type { ResourceKind } from './resource-type.ts';
import { watchEventFrom } from './watch-event.ts';
import { isOutage, SilentWatchError } from './watch-failure.ts';

/** Told after the store has been updated; must not throw and must not change the objects. */
export interface ObjectHandler {
  add?(object: NamedObject): void;
  update?(object: NamedObject, previous: NamedObject): void;
  /** The last state that was seen; after a re-list that may be older than the last state that was. */
  delete?(object: NamedObject): void;
}

/** Times of an informer, in milliseconds; tests shorten them. */
export interface InformerTimes {
  /** The server ends a watch after this, jittered by a fifth. */
  watch: number;
  /** A watch that is silent for so long is given up; the server sends a bookmark every minute. */
  idle: number;
  backOffStart: number;
  backOffMax: number;
  /** How often a kind that the cluster does not have is looked for. */
  absent: number;
}

const TIMES: InformerTimes = { watch: 300_000, idle: 150_000, backOffStart: 200, backOffMax: 10_000, absent: 10_000 };
/** etcd takes 1.5 MiB per object by default, and 8 MiB at most. */
const MAX_LINE_BYTES = 16 * 1024 * 1024;
/** A watch that ends sooner, without having told anything, counts as a failure. */
const SHORT_WATCH = 1000;
/** After so many watches without any progress, although the API server answers, the list is read anew. */
const FRUITLESS_WATCHES = 3;

/** What an informer watches, and how. */
export interface InformerOptions extends Selection {
  transform?: Transform;
  times?: Partial<InformerTimes>;
  /** The kind comes with something that a cluster may lack. Without it the store is empty, and is filled once the kind is there. */
  isOptional?: boolean;
}

/** The objects of one kind, kept like the API server's by list and watch, whatever happens to the connection. */
export class Informer {
  readonly type: ResourceKind;
  readonly options: InformerOptions;
  readonly store: ObjectStore;
  /** Resolves once the first list is in the store. */
  readonly synced: Promise<void>;
  readonly #cluster: Pick<Cluster, 'listPage' | 'openWatch'>;
  readonly #log: Logger;
  readonly #clock: TimerClock;
  readonly #times: InformerTimes;
  readonly #handlers = new Set<ObjectHandler>();
  readonly #waiters = new ConditionWaiters();
  readonly #stop = new AbortController();
  #resolveSynced: () => void = () => undefined;
  #hasSynced = false;
  #isWatching = false;
  #position: string | undefined;
  #highest = -1n;
  #contactAt: number;
  #running: Promise<void> | undefined;

  constructor(cluster: Pick<Cluster, 'listPage' | 'openWatch'>, type: ResourceKind, options: InformerOptions, log: Logger, clock: TimerClock) {
    this.type = type;
    this.options = options;
    this.#cluster = cluster;
    this.#log = log.child({ kind: type.kind });
    this.store = new ObjectStore((index, error) => this.#log.error('an index failed', { index, error }));
    this.#clock = clock;
    this.#times = { ...TIMES, ...options.times };
    this.#contactAt = clock.now();
    this.synced = new Promise((resolve) => {
      this.#resolveSynced = resolve;
    });
  }

  get hasSynced(): boolean {
    return this.#hasSynced;
  }

  /** Whether the API server tells every change at once. Not while a watch is interrupted: what it would tell then is not in the store yet. */
  get isWatching(): boolean {
    return this.#isWatching;
  }

  /** Seconds since the API server last said anything about this kind. */
  get stalenessSeconds(): number {
    return Math.max(0, this.#clock.now() - this.#contactAt) / 1000;
  }

  /** The resourceVersion up to which the store holds every change, as a number; undefined before the first list. */
  get position(): number | undefined {
    return this.#highest < 0n ? undefined : Number(this.#highest);
  }

  /** The first call begins; later ones do nothing. */
  start(): void {
    this.#running ??= this.#run();
    observeStaleness(this);
  }

  /** Ends the watch. The store stays as it is. */
  async stop(): Promise<void> {
    this.#stop.abort();
    forgetStaleness(this);
    await this.#running;
  }

  /** Begins to tell a handler; of what is in the store already as added. Returns what ends it. */
  addHandler(handler: ObjectHandler): () => void {
    this.#handlers.add(handler);
    for (const object of this.store.list()) this.#tell(handler, (told) => told.add?.(object));
    return () => this.#handlers.delete(handler);
  }

  /**
   * Whether the store holds every change of this kind up to that resourceVersion. They are compared as numbers, which the API server has promised
   * since Kubernetes 1.35 (KEP-5504) and done ever since: within one kind they come in order.
   */
  hasReached(resourceVersion: string): boolean {
    return this.#highest >= BigInt(resourceVersion);
  }

  /** Resolves with true as soon as the condition on the store or the position is met, with false after the time. */
  waitUntil(isMet: () => boolean, milliseconds: number): Promise<boolean> {
    return this.#waiters.waitUntil(isMet, milliseconds, this.#clock);
  }

  async #run(): Promise<void> {
    let failures = 0;
    let fruitless = 0;
    while (!this.#stop.signal.aborted) {
      const before = this.#position;
      const begunAt = this.#clock.now();
      try {
        if (this.#position === undefined) await this.#list();
        await this.#watch();
        // A watch that ends at once without a word would otherwise be opened again at once.
        const isFruitful = this.#position !== before || this.#clock.now() - begunAt >= SHORT_WATCH;
        failures = isFruitful ? 0 : failures + 1;
        fruitless = 0;
      } catch (error) {
        if (this.#stop.signal.aborted) return;
        if (this.options.isOptional === true && isNotFound(error)) {
          this.#absent();
          failures = 0;
          await delay(this.#clock, this.#times.absent * (0.8 + Math.random() * 0.4), this.#stop.signal);
          continue;
        }
        const hasProgressed = before !== undefined && this.#position !== before;
        failures = hasProgressed ? 1 : failures + 1;
        if (hasProgressed || isOutage(error)) fruitless = 0;
        else fruitless += 1;
        if (isExpired(error) || fruitless >= FRUITLESS_WATCHES) {
          this.#position = undefined;
          fruitless = 0;
        }
        countWatchFailure(this.type.kind);
        this.#log.warn('list or watch failed', { failures, relist: this.#position === undefined, error });
      }
      if (failures > 0) await delay(this.#clock, this.#backOff(failures), this.#stop.signal);
    }
  }

  #backOff(failures: number): number {
    const limit = Math.min(this.#times.backOffMax, this.#times.backOffStart * 2 ** (failures - 1));
    return limit * (0.5 + Math.random() / 2);
  }

  /** Reads all pages, then replaces the store's content in one go; what is gone is told as deleted. */
  async #list(): Promise<void> {
    const { items, resourceVersion } = await listAll(this.#cluster, this.type, this.options, this.#stop.signal, (item) => {
      this.#contactAt = this.#clock.now();
      return cacheEntryFrom(this.type, item, this.options.transform);
    });
    this.#contactAt = this.#clock.now();
    const objects = new Map(items.map((object) => [storeKeyOf(object), object]));
    this.#replace(objects);
    this.#moveTo(resourceVersion);
    this.#filled();
  }

  /** The cluster does not have the kind, or has it no more. */
  #absent(): void {
    this.#contactAt = this.#clock.now();
    this.#position = undefined;
    this.#replace(new Map());
    this.#waiters.check();
    this.#filled();
  }

  #filled(): void {
    if (this.#hasSynced) return;
    this.#hasSynced = true;
    this.#resolveSynced();
  }

  #replace(listed: ReadonlyMap<string, NamedObject>): void {
    const gone = [...this.store.keys()].filter((key) => !listed.has(key));
    for (const key of gone) this.#removed(key);
    for (const [key, object] of listed) this.#stored(key, object);
  }

  async #watch(): Promise<void> {
    const seconds = Math.ceil((this.#times.watch * (0.8 + Math.random() * 0.4)) / 1000);
    const position = this.#position ?? '';
    const response = await this.#cluster.openWatch(this.type, this.options, position, seconds, this.#stop.signal);
    this.#contactAt = this.#clock.now();
    this.#isWatching = true;
    let cancelIdle = (): void => undefined;
    const heard = (): void => {
      cancelIdle();
      cancelIdle = this.#clock.after(this.#times.idle, () => response.destroy(new SilentWatchError(`nothing came for ${this.#times.idle / 1000} s`)));
    };
    try {
      heard();
      for await (const line of linesOf(response as AsyncIterable<Buffer>, MAX_LINE_BYTES)) {
        heard();
        this.#apply(line);
      }
    } finally {
      this.#isWatching = false;
      cancelIdle();
      response.destroy();
    }
  }

  #apply(line: string): void {
    const event = watchEventFrom(line);
    if (event.type === 'DELETED') this.#removed(storeKeyOf(event.object));
    if (event.type === 'ADDED' || event.type === 'MODIFIED') {
      const object = cacheEntryFrom(this.type, event.object, this.options.transform);
      this.#stored(storeKeyOf(object), object);
    }
    this.#contactAt = this.#clock.now();
    this.#moveTo(event.resourceVersion);
  }

  #moveTo(resourceVersion: string): void {
    const version = BigInt(resourceVersion);
    this.#position = resourceVersion;
    // The highest never goes back: with an etcd restored from a backup everybody would wait in vain.
    if (version > this.#highest) this.#highest = version;
    this.#waiters.check();
  }

  #stored(key: string, object: NamedObject): void {
    const previous = this.store.get(key);
    if (previous?.metadata.resourceVersion === object.metadata.resourceVersion && previous?.metadata.uid === object.metadata.uid) return;
    this.store.set(key, object);
    for (const handler of this.#handlers) {
      this.#tell(handler, (told) => (previous === undefined ? told.add?.(object) : told.update?.(object, previous)));
    }
  }

  #removed(key: string): void {
    const previous = this.store.delete(key);
    if (previous === undefined) return;
    for (const handler of this.#handlers) this.#tell(handler, (told) => told.delete?.(previous));
  }

  #tell(handler: ObjectHandler, tell: (handler: ObjectHandler) => void): void {
    try {
      tell(handler);
    } catch (error) {
      this.#log.error('a cache handler failed', { error });
    }
  }
}

import type { Logger } from 'winston';
import type { KubernetesObject } from '../api/shared.ts';
import type { Caches } from '../kubernetes/caches.ts';
import type { TimerClock } from '../kubernetes/clock.ts';
import type { LiveRead } from '../kubernetes/cluster.ts';
import { isConflict, isNotFound } from '../kubernetes/errors.ts';
import type { InformerOptions } from '../kubernetes/informer.ts';
import { mergePatchFrom } from '../kubernetes/merge-patch.ts';
import { storeKey } from '../kubernetes/object-store.ts';
import type { ObjectKey } from '../kubernetes/read.ts';
import type { Write } from '../kubernetes/write.ts';
import { countPass, countRetry, forgetQueue, observeQueue, type PassResult } from './controller-metrics.ts';
import { Expectations } from './expectations.ts';
import { TerminalError, type AnyController, type Outcome } from './reconcile.ts';
import { WorkQueue, type WorkQueueOptions } from './work-queue.ts';

/** Of kinds that a cluster may lack: one object, so that controllers share their caches. */
const OPTIONAL: InformerOptions = { isOptional: true };

/** How long a pass waits for the caches to show what the last one wrote, before it makes room for others. */
const STALE_WAIT_MILLISECONDS = 5000;

/** What a controller runs on. */
export interface ControllerParts {
  caches: Caches;
  live: LiveRead;
  write: Write;
  clock: TimerClock;
  log: Logger;
  queue?: Partial<WorkQueueOptions>;
}

function keyFrom(text: string): ObjectKey {
  const slash = text.indexOf('/');
  return slash === 0 ? { name: text.slice(1) } : { namespace: text.slice(0, slash), name: text.slice(slash + 1) };
}

/** Runs one definition: watches fill a queue of keys, workers take them, reconcile the object, and write its status once if it changed. */
export class Controller {
  readonly name: string;
  readonly #definition: AnyController;
  readonly #parts: ControllerParts;
  readonly #log: Logger;
  readonly #queue: WorkQueue;
  readonly #expectations: Expectations;
  readonly #unsubscribe: (() => void)[] = [];
  #workers: Promise<void>[] = [];

  constructor(definition: AnyController, parts: ControllerParts) {
    this.name = definition.name;
    this.#definition = definition;
    this.#parts = parts;
    this.#log = parts.log.child({ controller: definition.name });
    this.#queue = new WorkQueue(parts.clock, parts.queue);
    this.#expectations = new Expectations(parts.caches, parts.clock, this.#log);
  }

  /** Keys that wait for a worker. */
  get queueDepth(): number {
    return this.#queue.depth;
  }

  /** Begins to fill the queue; before the caches start, so that the first list is in it. */
  subscribe(): void {
    const { type, watches } = this.#definition;
    const { caches } = this.#parts;
    const own = (object: KubernetesObject): void => this.#add([object.metadata ?? {}]);
    this.#unsubscribe.push(caches.watch(type).addHandler({ add: own, update: own, delete: own }));
    for (const watch of watches) {
      const wake = (...objects: KubernetesObject[]): void => {
        for (const object of objects) this.#add(watch.keysOf(object, caches), watch.gatherMilliseconds);
      };
      const informer = watch.isOptional === true ? caches.watch(watch.type, OPTIONAL) : caches.watch(watch.type);
      this.#unsubscribe.push(informer.addHandler({ add: wake, update: wake, delete: wake }));
    }
  }

  /** Starts the workers. */
  start(): void {
    observeQueue(this.name, this.#queue);
    this.#workers = Array.from({ length: this.#definition.concurrency }, () => this.#work());
  }

  /** Takes no more keys; resolves when the passes that run have ended. */
  async stop(): Promise<void> {
    for (const unsubscribe of this.#unsubscribe.splice(0)) unsubscribe();
    this.#queue.shutDown();
    await Promise.all(this.#workers);
    forgetQueue(this.name);
  }

  #add(keys: readonly { namespace?: string | undefined; name?: string }[], afterMilliseconds = 0): void {
    const { namespaced } = this.#definition.type;
    for (const { namespace, name } of keys) {
      if (name !== undefined) this.#queue.addAfter(storeKey({ namespace: namespaced ? namespace : undefined, name }), afterMilliseconds);
    }
  }

  async #work(): Promise<void> {
    for (let key = await this.#queue.take(); key !== undefined; key = await this.#queue.take()) {
      try {
        await this.#pass(key);
      } catch (error) {
        // Unreachable but for a bug in the runtime itself; a worker that died would take its share of the concurrency with it.
        this.#log.error('a pass failed outside of reconcile', { object: key, error });
        this.#queue.retry(key);
      } finally {
        this.#queue.done(key);
      }
    }
  }

  async #pass(key: string): Promise<void> {
    const { clock } = this.#parts;
    const begunAt = clock.now();
    if (!(await this.#expectations.areMet(key, STALE_WAIT_MILLISECONDS))) {
      this.#finish(key, 'stale', begunAt);
      this.#queue.retry(key);
      return;
    }
    const log = this.#log.child({ object: key });
    try {
      const result = await this.#reconcile(key, log);
      this.#queue.forget(key);
      this.#finish(key, result, begunAt);
    } catch (error) {
      const result = isConflict(error) ? 'conflict' : 'error';
      this.#finish(key, result, begunAt);
      countRetry(this.name);
      this.#queue.retry(key);
      const details = { attempt: this.#queue.failuresOf(key), milliseconds: clock.now() - begunAt, error };
      // A lost race is everyday life: the next pass sees what the other one wrote.
      if (result === 'conflict') log.debug('conflict, trying again', details);
      else log.error('reconcile failed, trying again', details);
    }
  }

  #finish(key: string, result: PassResult, begunAt: number): void {
    const milliseconds = this.#parts.clock.now() - begunAt;
    countPass(this.name, result, milliseconds / 1000);
    this.#expectations.tidy(key);
    // Passes are many, and a line that nobody wants to see costs almost as much as one that is written.
    if (this.#log.isDebugEnabled()) this.#log.debug('pass', { object: key, result, milliseconds });
  }

  async #reconcile(key: string, log: Logger): Promise<PassResult> {
    const { caches, live, clock } = this.#parts;
    const objectKey = keyFrom(key);
    const object = caches.get(this.#definition.type, objectKey);
    if (object === undefined) return 'gone';
    const write = this.#expectations.observing(key, this.#parts.write);
    try {
      const outcome = await this.#definition.reconcile(object, { read: caches, live, write, clock, log });
      if (outcome === undefined) return 'done';
      await this.#conclude(object, objectKey, outcome, write);
      if (outcome.requeueAfterSeconds === undefined) return 'done';
      this.#queue.addAfter(key, outcome.requeueAfterSeconds * 1000);
      return 'waiting';
    } catch (error) {
      if (!(error instanceof TerminalError)) throw error;
      log.warn('not retried until the object changes', { error });
      await this.#conclude(object, objectKey, { status: error.status }, write);
      return 'terminal';
    }
  }

  /** Writes the status if it changed, then tells the events. */
  async #conclude(object: KubernetesObject, key: ObjectKey, outcome: Outcome<unknown>, write: Write): Promise<void> {
    const patch = mergePatchFrom((object as { status?: unknown }).status ?? {}, outcome.status ?? {});
    if (patch === undefined) return;
    try {
      const written = await write.patchStatus(this.#definition.type, key, { status: patch });
      // The API server cannot be told whose status is meant. If another object has taken the name meanwhile, its own pass puts its status right.
      if (written.metadata?.uid !== object.metadata?.uid) return;
    } catch (error) {
      if (isNotFound(error)) return;
      throw error;
    }
    for (const event of outcome.events ?? []) await write.event(object, event);
  }
}

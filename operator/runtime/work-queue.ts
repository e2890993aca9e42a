import type { TimerClock } from '../kubernetes/clock.ts';
import { TokenBucket } from './token-bucket.ts';

/** Times in milliseconds; the rate is of retries, over all keys. */
export interface WorkQueueOptions {
  backOffStart: number;
  backOffMax: number;
  retriesPerSecond: number;
  retryBurst: number;
  /** 0 up to 1, for jitter. */
  random: () => number;
}

const OPTIONS: WorkQueueOptions = { backOffStart: 50, backOffMax: 60_000, retriesPerSecond: 50, retryBurst: 200, random: Math.random };

interface Delayed {
  due: number;
  cancel: () => void;
}

/**
 * Keys of objects that want a pass. One entry per key however often it is added; a key that is being worked on is given out again only after `done`,
 * so two workers never meet on one object, and nothing that was added meanwhile is lost.
 */
export class WorkQueue {
  readonly #clock: TimerClock;
  readonly #options: WorkQueueOptions;
  readonly #bucket: TokenBucket;
  readonly #ready = new Set<string>();
  readonly #working = new Set<string>();
  /** Added while being worked on. */
  readonly #again = new Set<string>();
  readonly #delayed = new Map<string, Delayed>();
  readonly #failures = new Map<string, number>();
  readonly #takers: ((key: string | undefined) => void)[] = [];
  #isShutDown = false;

  constructor(clock: TimerClock, options: Partial<WorkQueueOptions> = {}) {
    this.#clock = clock;
    this.#options = { ...OPTIONS, ...options };
    this.#bucket = new TokenBucket(clock, this.#options.retriesPerSecond, this.#options.retryBurst);
  }

  /** Keys that wait for a worker. */
  get depth(): number {
    return this.#ready.size + this.#again.size;
  }

  /** Keys that wait for their time. */
  get delayed(): number {
    return this.#delayed.size;
  }

  /** Whether nothing is ready and nobody works. */
  get isIdle(): boolean {
    return this.#ready.size === 0 && this.#working.size === 0;
  }

  /** How often the key failed since it last succeeded. */
  failuresOf(key: string): number {
    return this.#failures.get(key) ?? 0;
  }

  add(key: string): void {
    if (this.#isShutDown || this.#ready.has(key)) return;
    if (this.#working.has(key)) {
      this.#again.add(key);
      return;
    }
    const taker = this.#takers.shift();
    if (taker === undefined) {
      this.#ready.add(key);
      return;
    }
    this.#working.add(key);
    taker(key);
  }

  /** Adds the key after a time. Of several times the earliest counts: a pass too many does no harm, one too late does. */
  addAfter(key: string, milliseconds: number): void {
    if (this.#isShutDown) return;
    if (milliseconds <= 0) {
      this.add(key);
      return;
    }
    const due = this.#clock.now() + milliseconds;
    const earlier = this.#delayed.get(key);
    if (earlier !== undefined && earlier.due <= due) return;
    earlier?.cancel();
    const cancel = this.#clock.after(milliseconds, () => {
      this.#delayed.delete(key);
      this.add(key);
    });
    this.#delayed.set(key, { due, cancel });
  }

  /** Adds the key after its back-off: twice as long with every failure, with jitter, and never more retries per second than the queue's rate. */
  retry(key: string): void {
    const failures = this.failuresOf(key) + 1;
    this.#failures.set(key, failures);
    const { backOffStart, backOffMax, random } = this.#options;
    const limit = Math.min(backOffMax, backOffStart * 2 ** Math.min(failures - 1, 30));
    this.addAfter(key, Math.max(limit * (0.5 + random() / 2), this.#bucket.take()));
  }

  /** The key succeeded: its next failure begins with the shortest back-off. */
  forget(key: string): void {
    this.#failures.delete(key);
  }

  /** The next key, as soon as there is one; undefined once the queue is shut down. Each key taken must be given back with `done`. */
  take(): Promise<string | undefined> {
    if (this.#isShutDown) return Promise.resolve(undefined);
    const next = this.#ready.keys().next();
    if (next.done === true) return new Promise((resolve) => this.#takers.push(resolve));
    this.#ready.delete(next.value);
    this.#working.add(next.value);
    return Promise.resolve(next.value);
  }

  done(key: string): void {
    this.#working.delete(key);
    if (this.#again.delete(key)) this.add(key);
  }

  /** Gives out nothing more. Keys in work are still given back. */
  shutDown(): void {
    this.#isShutDown = true;
    for (const { cancel } of this.#delayed.values()) cancel();
    this.#delayed.clear();
    this.#ready.clear();
    this.#again.clear();
    for (const taker of this.#takers.splice(0)) taker(undefined);
  }
}

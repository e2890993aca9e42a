import type { Logger } from 'winston';
import type { Caches } from '../kubernetes/caches.ts';
import type { Clock } from '../kubernetes/clock.ts';
import { ObservedWrite } from '../kubernetes/observed-write.ts';
import { expectationOf, removalExpectationOf, type Expectation } from '../kubernetes/seen-by-cache.ts';
import type { Write } from '../kubernetes/write.ts';

/** A write that the cache has not shown for so long is not waited for any more: better a pass on old data than none at all. */
const GIVE_UP_MILLISECONDS = 60_000;

interface Pending {
  since: number;
  expectation: Expectation;
}

/**
 * What a controller wrote and its caches do not show yet, by the key of the pass that wrote it. A pass that began on older data would not see its own
 * work and could do it twice.
 */
export class Expectations {
  readonly #caches: Caches;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #pendingByKey = new Map<string, Pending[]>();

  constructor(caches: Caches, clock: Clock, log: Logger) {
    this.#caches = caches;
    this.#clock = clock;
    this.#log = log;
  }

  /** A Write for one pass, whose writes are expected to show in the caches before the key's next pass. */
  observing(key: string, write: Write): Write {
    return new ObservedWrite(write, {
      written: (type, object) => this.#expect(key, expectationOf(this.#caches, type, object)),
      removing: (type, objectKey) => {
        const expectation = removalExpectationOf(this.#caches, type, objectKey);
        return () => this.#expect(key, expectation);
      },
    });
  }

  /** True once the caches show all that earlier passes of the key wrote, false if they do not within the time. */
  async areMet(key: string, milliseconds: number): Promise<boolean> {
    const pending = this.#pendingByKey.get(key);
    if (pending === undefined) return true;
    for (const { expectation, since } of pending) {
      if (await expectation.wait(milliseconds)) continue;
      if (this.#clock.now() - since < GIVE_UP_MILLISECONDS) return false;
      this.#log.error('the cache never showed a write; going on without', { kind: expectation.kind });
    }
    this.#pendingByKey.delete(key);
    return true;
  }

  /** Forgets what has been met meanwhile, so that keys without a next pass take no memory. */
  tidy(key: string): void {
    const pending = this.#pendingByKey.get(key)?.filter(({ expectation }) => !expectation.isMet());
    if (pending === undefined || pending.length === 0) this.#pendingByKey.delete(key);
    else this.#pendingByKey.set(key, pending);
  }

  #expect(key: string, expectation: Expectation | undefined): void {
    if (expectation === undefined || expectation.isMet()) return;
    const pending = this.#pendingByKey.get(key) ?? [];
    pending.push({ since: this.#clock.now(), expectation });
    this.#pendingByKey.set(key, pending);
  }
}

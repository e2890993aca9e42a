import type { TimerClock } from '../../operator/kubernetes/clock.ts';

interface Timer {
  due: number;
  callback: () => void;
}

/** Where tests stand still unless they say otherwise. */
const START = Date.parse('2026-01-01T00:00:00Z');

/** Lets everything that is ready run: a few turns of the event loop. */
export async function settled(turns = 5): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** A clock that moves only when told. */
export class FakeClock implements TimerClock {
  #now: number;
  readonly #timers = new Set<Timer>();

  constructor(start: number | string = START) {
    this.#now = typeof start === 'string' ? Date.parse(start) : start;
  }

  now(): number {
    return this.#now;
  }

  after(milliseconds: number, callback: () => void): () => void {
    const timer: Timer = { due: this.#now + Math.max(milliseconds, 0), callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Milliseconds until the next timer, undefined without one. */
  get nextTimer(): number | undefined {
    const due = this.#earliest()?.due;
    return due === undefined ? undefined : due - this.#now;
  }

  /** Moves on at once, for code without timers; timers on the way fire in order, but nothing asynchronous runs between them. */
  set(milliseconds: number): void {
    const end = this.#now + milliseconds;
    for (let timer = this.#earliest(); timer !== undefined && timer.due <= end; timer = this.#earliest()) this.#fire(timer);
    this.#now = end;
  }

  /** Moves on; timers on the way fire in order of their time, and what they wake runs before the next one. */
  async advance(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    await settled();
    for (let timer = this.#earliest(); timer !== undefined && timer.due <= end; timer = this.#earliest()) {
      this.#fire(timer);
      await settled();
    }
    this.#now = end;
  }

  #earliest(): Timer | undefined {
    let earliest: Timer | undefined;
    for (const timer of this.#timers) if (earliest === undefined || timer.due < earliest.due) earliest = timer;
    return earliest;
  }

  #fire(timer: Timer): void {
    this.#timers.delete(timer);
    this.#now = Math.max(this.#now, timer.due);
    timer.callback();
  }
}

/** A clock that runs ahead: every wait is over at once, and takes its time off. For what waits and is not to be waited for. */
export function hastyClock(start = START): TimerClock {
  let now = start;
  return {
    now: () => now,
    after: (milliseconds, callback) => {
      now += Math.max(milliseconds, 0);
      const immediate = setImmediate(callback);
      return () => clearImmediate(immediate);
    },
  };
}

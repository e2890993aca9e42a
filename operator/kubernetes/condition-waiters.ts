import type { TimerClock } from './clock.ts';

interface Waiter {
  isMet(): boolean;
  resolve(isMet: boolean): void;
}

/** Those who wait until something has come true. */
export class ConditionWaiters {
  readonly #waiters = new Set<Waiter>();

  /** True as soon as the condition is met, false after the time. The condition is asked now and at every `check`. */
  waitUntil(isMet: () => boolean, milliseconds: number, clock: TimerClock): Promise<boolean> {
    if (isMet()) return Promise.resolve(true);
    return new Promise((resolve) => {
      const cancel = clock.after(milliseconds, () => waiter.resolve(false));
      const waiter: Waiter = {
        isMet,
        resolve: (answer) => {
          cancel();
          this.#waiters.delete(waiter);
          resolve(answer);
        },
      };
      this.#waiters.add(waiter);
    });
  }

  /** Asks the conditions again; to be called after every change that they may look at. */
  check(): void {
    for (const waiter of this.#waiters) if (waiter.isMet()) waiter.resolve(true);
  }
}

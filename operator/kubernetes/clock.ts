/** Time, so that tests can stand still. `now()` is in milliseconds since the epoch. */
export interface Clock {
  now(): number;
}

/** A clock that also wakes: what queues and leases need. */
export interface TimerClock extends Clock {
  /** Calls back once after that many milliseconds, unless the returned function is called before. */
  after(milliseconds: number, callback: () => void): () => void;
}

/** The longest delay that Node's timers keep; a longer one would fire at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** The machine's clock. Its timers keep the process alive while they wait. */
export const systemClock: TimerClock = {
  now: () => Date.now(),
  after(milliseconds, callback) {
    const timer = setTimeout(callback, Math.min(Math.max(milliseconds, 0), LONGEST_TIMER));
    return () => clearTimeout(timer);
  },
};

/** Waits on the given clock; an aborted signal ends the wait early, without an error. */
export function delay(clock: TimerClock, milliseconds: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const finish = (): void => {
      cancel();
      signal?.removeEventListener('abort', finish);
      resolve();
    };
    const cancel = clock.after(milliseconds, finish);
    signal?.addEventListener('abort', finish);
  });
}

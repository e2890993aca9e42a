const FIRST_PAUSE_MILLISECONDS = 100;
const LONGEST_PAUSE_MILLISECONDS = 5_000;

/** Runs one function for keys, several keys at once but never one key twice at once; what fails is tried again after a growing pause. */
export class WorkQueue {
  readonly #work: (key: string) => Promise<void>;
  readonly #parallel: number;
  readonly #onError: (key: string, error: unknown) => void;
  readonly #waiting = new Set<string>();
  readonly #running = new Set<string>();
  readonly #pauses = new Map<string, number>();

  constructor(work: (key: string) => Promise<void>, onError: (key: string, error: unknown) => void, parallel = 16) {
    this.#work = work;
    this.#onError = onError;
    this.#parallel = parallel;
  }

  add(key: string): void {
    this.#waiting.add(key);
    this.#next();
  }

  addAfter(key: string, milliseconds: number): void {
    setTimeout(() => this.add(key), milliseconds);
  }

  #next(): void {
    for (const key of this.#waiting) {
      if (this.#running.size >= this.#parallel) return;
      if (this.#running.has(key)) continue;
      this.#waiting.delete(key);
      this.#running.add(key);
      void this.#run(key);
    }
  }

  async #run(key: string): Promise<void> {
    try {
      await this.#work(key);
      this.#pauses.delete(key);
    } catch (error) {
      const pause = this.#pauses.get(key) ?? FIRST_PAUSE_MILLISECONDS;
      this.#pauses.set(key, Math.min(pause * 2, LONGEST_PAUSE_MILLISECONDS));
      this.#onError(key, error);
      this.addAfter(key, pause);
    }
    this.#running.delete(key);
    this.#next();
  }
}

import pLimit, { type LimitFunction } from 'p-limit';

/**
 * Calls of one account that change something and are in work at a time. A few keep the API server as busy as many do, so that more of them at once make none
 * faster; but every read would wait behind all of them.
 */
const CALLS_AT_A_TIME = 8;

/** Lets calls that change something wait for their turn, each account for itself, in the order in which they came. */
export class WriteLimit {
  readonly #limits = new Map<string, LimitFunction>();

  /** Runs the work when it is its turn; ends as the work does. */
  async run<T>(accountId: string, work: () => Promise<T>): Promise<T> {
    const limit = this.#limits.get(accountId) ?? pLimit(CALLS_AT_A_TIME);
    this.#limits.set(accountId, limit);
    try {
      return await limit(work);
    } finally {
      if (limit.activeCount + limit.pendingCount === 0) this.#limits.delete(accountId);
    }
  }
}

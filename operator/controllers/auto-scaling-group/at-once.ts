import { allBounded } from '../../kubernetes/bounded.ts';

/** Writes of one pass that run at the same time. */
const CONCURRENCY = 24;

/** Does something for each item, some at a time; what has begun is waited for before the first failure is thrown. Results come in the order of the items. */
export function atOnce<T, R>(items: readonly T[], act: (item: T) => Promise<R>): Promise<R[]> {
  return allBounded(items, CONCURRENCY, act, { stopOnFailure: true });
}

/** What became of one item. */
export type Result<T> = { value: T } | { error: unknown };

/**
 * Does something for each item, at most `limit` at a time, and never rejects: results come in the order of the items. A failure ends the starting of
 * further items if `stopOnFailure` is set; items that were not begun have no result (`undefined`).
 */
export async function eachBounded<T, R>(
  items: readonly T[],
  limit: number,
  act: (item: T, position: number) => Promise<R>,
  { stopOnFailure = false } = {},
): Promise<(Result<R> | undefined)[]> {
  const results = Array.from<Result<R> | undefined>({ length: items.length });
  let next = 0;
  let hasFailed = false;
  const work = async (): Promise<void> => {
    while (next < items.length && !(stopOnFailure && hasFailed)) {
      const position = next;
      next += 1;
      try {
        results[position] = { value: await act(items[position] as T, position) };
      } catch (error) {
        hasFailed = true;
        results[position] = { error };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, work));
  return results;
}

/** The same for writes that must all succeed: all (or with `stopOnFailure` what has begun) are waited for, then the first failure is thrown. */
export async function allBounded<T, R>(items: readonly T[], limit: number, act: (item: T) => Promise<R>, options: { stopOnFailure?: boolean } = {}): Promise<R[]> {
  const results = await eachBounded(items, limit, act, options);
  return results.map((result) => {
    if (result && 'error' in result) throw result.error;
    return (result as { value: R }).value;
  });
}

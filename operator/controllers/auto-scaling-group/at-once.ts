/** Writes of one pass that run at the same time. */
const CONCURRENCY = 24;

/** Does something for each item, some at a time; what has begun is waited for before the first failure is thrown. Results come in the order of the items. */
export async function atOnce<T, R>(items: readonly T[], act: (item: T) => Promise<R>): Promise<R[]> {
  const results = Array.from<R>({ length: items.length });
  const failures: unknown[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < items.length && failures.length === 0) {
      const position = next;
      next += 1;
      try {
        results[position] = await act(items[position] as T);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(CONCURRENCY, items.length) }, work));
  if (failures.length > 0) throw failures[0];
  return results;
}

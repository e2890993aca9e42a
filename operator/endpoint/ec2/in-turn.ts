const tails = new Map<string, Promise<unknown>>();

/**
 * Runs what has the same key one after another, in the order of the calls; a failure does not keep the next from running. Calls of this process would
 * otherwise race for one object and lose to each other again and again; against other processes the object's version guards.
 */
export function inTurn<T>(key: string, act: () => Promise<T>): Promise<T> {
  const before = tails.get(key) ?? Promise.resolve();
  const result = before.then(act, act);
  // A chain that failed is no failure of its own: whoever called hears of it by `result`.
  const tail = result.catch(() => undefined).then(() => {
    if (tails.get(key) === tail) tails.delete(key);
  });
  tails.set(key, tail);
  return result;
}

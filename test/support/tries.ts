import type { Context } from 'mocha';

type Step = (this: Context) => Promise<void>;

/** Whether the test, or the hook before a test, runs for the second time because the first try failed. */
export function isSecondTry(context: Context): boolean {
  // Mocha's types hide what its reference documents. @see https://mochajs.org/api/runnable#currentRetry
  const test = (context.currentTest ?? context.test) as { currentRetry?: () => number } | undefined;
  return (test?.currentRetry?.() ?? 0) > 0;
}

/**
 * Opens what the tests of a `describe` work in, once, and anew before each second try: what the first one left, names, addresses and machines, is in
 * another account then.
 */
export function openForEachTry(open: Step): void {
  before(open);
  beforeEach('a second try begins anew', async function () {
    if (isSecondTry(this)) await open.call(this);
  });
}

/**
 * Opens as `openForEachTry` does, for tests that build on each other: the answer declares one, as `it` does. A second try first goes through the tests
 * before it again, for nothing of theirs is in the new account.
 */
export function inOrder(open: Step): (title: string, step: Step) => void {
  openForEachTry(open);
  const earlier: Step[] = [];
  return (title, step) => {
    const before = [...earlier];
    earlier.push(step);
    it(title, async function () {
      if (isSecondTry(this)) {
        this.timeout(this.timeout() * (before.length + 1));
        for (const one of before) await one.call(this);
      }
      await step.call(this);
    });
  };
}

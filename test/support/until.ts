import assert from 'node:assert/strict';

/** Resolves when the claim is true, or rejects after the time (milliseconds) with the claim's name: for what happens in other processes or sockets. */
export async function until(claim: string, isTrue: () => boolean | Promise<boolean>, milliseconds = 60_000): Promise<void> {
  const end = Date.now() + milliseconds;
  while (!(await isTrue())) {
    if (Date.now() > end) assert.fail(`not so after ${milliseconds / 1000} s: ${claim}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

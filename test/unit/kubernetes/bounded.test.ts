import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { allBounded, eachBounded } from '../../../operator/kubernetes/bounded.ts';

/** Work that fails for some numbers, and what there was of it. */
function work(failing: readonly number[] = []): { act: (item: number) => Promise<number>; begun: number[]; ended: number[]; most: () => number } {
  const begun: number[] = [];
  const ended: number[] = [];
  let most = 0;
  const act = async (item: number): Promise<number> => {
    begun.push(item);
    most = Math.max(most, begun.length - ended.length);
    await turn();
    ended.push(item);
    if (failing.includes(item)) throw new Error(`no ${String(item)}`);
    return item * 10;
  };
  return { act, begun, ended, most: () => most };
}
const items = [1, 2, 3, 4, 5, 6, 7];

describe('work on many things, some at a time', () => {
  it('is never more than the limit, and answers in the order of the things', async () => {
    const { act, most } = work();
    assert.deepEqual(await allBounded(items, 3, act), items.map((item) => item * 10));
    assert.equal(most(), 3);
  });

  it('tells of each what became of it', async () => {
    const results = await eachBounded([1, 2, 3], 2, work([2]).act);
    assert.deepEqual(results.map((result) => result && ('value' in result ? result.value : (result.error as Error).message)), [10, 'no 2', 30]);
  });

  it('tries all before it fails by the first', async () => {
    const { act, ended } = work([2, 5]);
    await assert.rejects(allBounded(items, 2, act), /no 2/);
    assert.deepEqual(ended, items);
  });

  it('begins nothing after a failure where that is asked for, and waits for what has begun', async () => {
    const { act, begun, ended } = work([2]);
    await assert.rejects(allBounded(items, 3, act, { stopOnFailure: true }), /no 2/);
    assert.deepEqual(ended, begun);
    assert.ok(begun.length < items.length, begun.join());
  });
});

import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { WriteLimit } from '../../../operator/endpoint/write-limit.ts';

describe('calls that change something', () => {
  it('are in work a few at a time, in the order in which they came', async () => {
    const limit = new WriteLimit();
    const begun: number[] = [];
    const ends: (() => void)[] = [];
    const calls = Array.from({ length: 20 }, (_, number) =>
      limit.run('123456789012', async () => {
        begun.push(number);
        return new Promise<number>((resolve) => ends.push(() => resolve(number)));
      }),
    );
    await turn();
    assert.deepEqual(begun, [0, 1, 2, 3, 4, 5, 6, 7]);
    ends[3]?.();
    assert.equal(await calls[3], 3);
    await turn();
    assert.deepEqual(begun.slice(8), [8]);
    for (let next = 0; next < 20; next += 1) {
      ends[next]?.();
      await turn();
    }
    assert.deepEqual(await Promise.all(calls), Array.from({ length: 20 }, (_, number) => number));
  });

  it('of one account do not hold up those of another, and a failure is its own call’s', async () => {
    const limit = new WriteLimit();
    const stuck = Array.from({ length: 9 }, () => limit.run('111111111111', async () => new Promise(() => undefined)));
    await assert.rejects(limit.run('222222222222', async () => Promise.reject(new Error('its own'))), /its own/);
    assert.equal(await limit.run('222222222222', async () => Promise.resolve('done')), 'done');
    assert.equal(stuck.length, 9);
  });
});

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { WorkQueue } from '../../../operator/runtime/work-queue.ts';
import { FakeClock, settled } from '../../support/fake-clock.ts';

async function takeNow(queue: WorkQueue): Promise<string | undefined> {
  return Promise.race([queue.take(), settled(1).then(() => 'nothing')]);
}

describe('WorkQueue', () => {
  let clock: FakeClock;
  let queue: WorkQueue;
  beforeEach(() => {
    clock = new FakeClock();
    queue = new WorkQueue(clock, { random: () => 1 });
  });

  it('gives out a key once, however often it was added', async () => {
    queue.add('a');
    queue.add('b');
    queue.add('a');
    assert.deepEqual([await takeNow(queue), await takeNow(queue), await takeNow(queue)], ['a', 'b', 'nothing']);
  });

  it('gives out a key that was added during its work after done, not before', async () => {
    queue.add('a');
    await queue.take();
    queue.add('a');
    queue.add('a');
    assert.equal(queue.depth, 1);
    const next = queue.take();
    assert.equal(await Promise.race([next, settled(1).then(() => 'nothing')]), 'nothing');
    queue.done('a');
    assert.equal(await next, 'a');
    queue.done('a');
    assert.equal(await takeNow(queue), 'nothing');
  });

  it('gives out a delayed key in time, at the earliest of several times', async () => {
    queue.addAfter('a', 1000);
    queue.addAfter('a', 500);
    queue.addAfter('a', 2000);
    const next = queue.take();
    await clock.advance(499);
    assert.equal(await Promise.race([next, settled(1).then(() => 'nothing')]), 'nothing');
    await clock.advance(1);
    assert.equal(await next, 'a');
    queue.done('a');
    await clock.advance(10_000);
    assert.equal(await takeNow(queue), 'nothing');
  });

  it('doubles the back-off with each failure up to a minute, and begins anew after a success', () => {
    const waits: number[] = [];
    for (let failure = 0; failure < 14; failure += 1) {
      queue.retry('a');
      const wait = clock.nextTimer ?? -1;
      waits.push(wait);
      clock.set(wait);
      void queue.take();
      queue.done('a');
    }
    assert.deepEqual(waits, [50, 100, 200, 400, 800, 1600, 3200, 6400, 12_800, 25_600, 51_200, 60_000, 60_000, 60_000]);
    queue.forget('a');
    queue.retry('a');
    assert.equal(clock.nextTimer, 50);
  });

  it('jitters the back-off down to half', () => {
    const jittery = new WorkQueue(clock, { random: () => 0 });
    jittery.retry('a');
    assert.equal(clock.nextTimer, 25);
  });

  it('never retries more keys per second than its rate, whatever their own back-off', async () => {
    const slow = new WorkQueue(clock, { retriesPerSecond: 10, retryBurst: 5, random: () => 0 });
    let taken = 0;
    void (async () => {
      for (let key = await slow.take(); key !== undefined; key = await slow.take()) {
        taken += 1;
        slow.done(key);
      }
    })();
    for (let key = 0; key < 100; key += 1) slow.retry(`key-${key}`);
    await clock.advance(1000);
    assert.ok(taken >= 14 && taken <= 16, `${taken} in the first second`);
    await clock.advance(2000);
    assert.ok(taken >= 34 && taken <= 36, `${taken} in three seconds`);
    await clock.advance(10_000);
    assert.equal(taken, 100);
    slow.shutDown();
  });

  it('ends those who wait when it is shut down, and takes nothing more', async () => {
    const waiting = [queue.take(), queue.take()];
    queue.addAfter('later', 100);
    queue.shutDown();
    assert.deepEqual(await Promise.all(waiting), [undefined, undefined]);
    queue.add('a');
    queue.retry('a');
    await clock.advance(1000);
    assert.equal(await queue.take(), undefined);
  });

  it('never has two workers on one key and never loses an addition, in any interleaving', async () => {
    const step = fc.oneof(
      fc.record({ act: fc.constant('add' as const), key: fc.constantFrom('a', 'b', 'c') }),
      fc.record({ act: fc.constant('addAfter' as const), key: fc.constantFrom('a', 'b', 'c') }),
      fc.record({ act: fc.constant('retry' as const), key: fc.constantFrom('a', 'b', 'c') }),
      fc.record({ act: fc.constant('finish' as const), key: fc.constantFrom('a', 'b', 'c') }),
      fc.record({ act: fc.constant('wait' as const), key: fc.constant('') }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), fc.integer({ min: 1, max: 4 }), async (steps, workers) => {
        const time = new FakeClock();
        const tested = new WorkQueue(time);
        const working = new Map<string, () => void>();
        // What each key still owes: the additions that no pass has begun after.
        const owed = new Set<string>();
        const worker = async (): Promise<void> => {
          for (let key = await tested.take(); key !== undefined; key = await tested.take()) {
            assert.ok(!working.has(key), `two workers on ${key}`);
            owed.delete(key);
            const taken = key;
            await new Promise<void>((resolve) => working.set(taken, resolve));
            working.delete(taken);
            tested.done(taken);
          }
        };
        const running = Array.from({ length: workers }, worker);
        for (const { act, key } of steps) {
          if (act === 'finish') working.get(key)?.();
          else if (act === 'wait') time.set(70);
          else {
            owed.add(key);
            if (act === 'add') tested.add(key);
            if (act === 'addAfter') tested.addAfter(key, 100);
            if (act === 'retry') tested.retry(key);
          }
          await settled(1);
        }
        for (let round = 0; round < 10; round += 1) {
          time.set(120_000);
          await settled(1);
          for (const finish of [...working.values()]) finish();
          await settled(1);
        }
        assert.deepEqual([...owed], [], 'additions without a pass');
        assert.ok(tested.isIdle);
        tested.shutDown();
        await Promise.all(running);
      }),
      { seed: 42, numRuns: 300 },
    );
  });
});

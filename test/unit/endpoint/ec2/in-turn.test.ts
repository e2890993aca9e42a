import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { inTurn } from '../../../../operator/endpoint/ec2/in-turn.ts';

describe('in turn', () => {
  it('runs one after another what has the same key, also after a failure', async () => {
    const told: string[] = [];
    const act = (name: string, fails = false) => async (): Promise<string> => {
      told.push(`${name} begins`);
      await setImmediate();
      told.push(`${name} ends`);
      if (fails) throw new Error(name);
      return name;
    };
    const results = await Promise.allSettled([inTurn('x', act('a')), inTurn('x', act('b', true)), inTurn('x', act('c'))]);
    assert.deepEqual(results.map((result) => (result.status === 'fulfilled' ? result.value : (result.reason as Error).message)), ['a', 'b', 'c']);
    assert.deepEqual(results.map(({ status }) => status), ['fulfilled', 'rejected', 'fulfilled']);
    assert.deepEqual(told, ['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
  });

  it('lets others run at the same time', async () => {
    let release = (): void => undefined;
    const held = inTurn('x', () => new Promise<void>((resolve) => (release = resolve)));
    assert.equal(await inTurn('y', () => Promise.resolve('free')), 'free');
    release();
    await held;
  });
});

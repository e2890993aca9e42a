import assert from 'node:assert/strict';
import type { Condition } from '../../../operator/api/shared.ts';
import { isTrue, setCondition, withoutCondition, type ConditionClaim } from '../../../operator/runtime/conditions.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const EARLIER = '2025-12-31T00:00:00Z';
const NOW = '2026-01-01T00:00:00Z';

function condition(type: string, status: Condition['status'], reason = 'Because', observedGeneration = 1): Condition {
  return { type, status, reason, message: '', lastTransitionTime: EARLIER, observedGeneration };
}

describe('conditions', () => {
  const ready = condition('Ready', 'False');
  const other = condition('Other', 'True');
  const cases: Record<string, { before: Condition[] | undefined; claim: ConditionClaim; want: Condition[] }> = {
    'the first condition of an object': { before: undefined, claim: ready, want: [{ ...ready, lastTransitionTime: NOW }] },
    'a further condition comes last': { before: [other], claim: ready, want: [other, { ...ready, lastTransitionTime: NOW }] },
    'nothing moves when nothing changed': { before: [ready, other], claim: ready, want: [ready, other] },
    'another reason keeps the time': { before: [ready], claim: { ...ready, reason: 'Else' }, want: [{ ...ready, reason: 'Else' }] },
    'another generation keeps the time': { before: [ready], claim: { ...ready, observedGeneration: 2 }, want: [{ ...ready, observedGeneration: 2 }] },
    'another status moves the time': { before: [ready, other], claim: { ...ready, status: 'True' }, want: [{ ...ready, status: 'True', lastTransitionTime: NOW }, other] },
  };
  for (const [name, { before, claim, want }] of Object.entries(cases)) {
    it(name, () => {
      const copy = structuredClone(before);
      assert.deepEqual(setCondition(before, claim, new FakeClock()), want);
      assert.deepEqual(before, copy, 'the argument is left alone');
    });
  }

  const truths: Record<string, { conditions: Condition[] | undefined; generation?: number; want: boolean }> = {
    'absent is not true': { conditions: undefined, want: false },
    'Unknown is not true': { conditions: [condition('Ready', 'Unknown')], want: false },
    'True is true': { conditions: [condition('Ready', 'True')], want: true },
    'True of an earlier generation is not': { conditions: [condition('Ready', 'True', 'Because', 1)], generation: 2, want: false },
    'True of this generation is': { conditions: [condition('Ready', 'True', 'Because', 2)], generation: 2, want: true },
  };
  for (const [name, { conditions, generation, want }] of Object.entries(truths)) {
    it(name, () => assert.equal(isTrue(conditions, 'Ready', generation), want));
  }

  it('one can be taken away', () => assert.deepEqual(withoutCondition([ready, other], 'Ready'), [other]));
});

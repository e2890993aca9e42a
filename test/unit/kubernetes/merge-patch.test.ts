import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isSameJson, mergePatchFrom } from '../../../operator/kubernetes/merge-patch.ts';
import { mergePatched } from '../../support/merge-patched.ts';

describe('merge patches', () => {
  const cases: Record<string, { from: unknown; to: unknown; want: unknown }> = {
    'nothing changed': { from: { a: 1, b: [1] }, to: { b: [1], a: 1 }, want: undefined },
    'a field that is undefined counts as absent': { from: { a: 1 }, to: { a: 1, b: undefined }, want: undefined },
    'a field is added': { from: {}, to: { a: 1 }, want: { a: 1 } },
    'a field that is gone becomes null': { from: { a: 1, b: 2 }, to: { b: 2 }, want: { a: null } },
    'only the changed field of an inner object is sent': { from: { a: { b: 1, c: 2 } }, to: { a: { b: 1, c: 3 } }, want: { a: { c: 3 } } },
    'a list is replaced whole': { from: { a: [1, 2] }, to: { a: [1, 3] }, want: { a: [1, 3] } },
    'an object replaces a scalar': { from: { a: 1 }, to: { a: { b: 1 } }, want: { a: { b: 1 } } },
    'a scalar replaces an object': { from: { a: { b: 1 } }, to: { a: 1 }, want: { a: 1 } },
    'an empty object is something': { from: {}, to: { a: {} }, want: { a: {} } },
  };
  for (const [name, { from, to, want }] of Object.entries(cases)) it(name, () => assert.deepEqual(mergePatchFrom(from, to), want));

  it('applying the patch gives the wanted value, for any two objects', () => {
    // null cannot stand in a value that a merge patch is to produce.
    const leaf = fc.oneof(fc.integer({ max: 3, min: 0 }), fc.boolean(), fc.constantFrom('', 'x'));
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof({ maxDepth: 3 }, leaf, fc.array(leaf, { maxLength: 2 }), fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('value'), { maxKeys: 3 })),
    }));
    const object = fc.dictionary(fc.constantFrom('a', 'b', 'c'), value, { maxKeys: 3 });
    fc.assert(
      fc.property(object, object, (from, to) => {
        const patch = mergePatchFrom(from, to);
        assert.ok(isSameJson(patch === undefined ? from : mergePatched(from, patch), to));
      }),
      { seed: 7, numRuns: 2000 },
    );
  });
});

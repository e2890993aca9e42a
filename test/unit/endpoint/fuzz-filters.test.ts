import assert from 'node:assert/strict';
import type { Tag } from '../../../operator/api/shared.ts';
import { predicateFrom } from '../../../operator/endpoint/ec2/filters.ts';
import { literalOf, wildcardMatcher } from '../../../operator/endpoint/ec2/wildcard.ts';
import { AwsError } from '../../../operator/endpoint/errors.ts';
import { seededRandom } from '../../conformance/random-values.ts';

const RUNS = 40_000;
// Another seed: KUBE_EC2_TEST_SEED=7 npx mocha test/unit/endpoint/fuzz-filters.test.ts
const random = seededRandom(Number(process.env['KUBE_EC2_TEST_SEED'] ?? 1));
const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
const textOf = (alphabet: readonly string[], limit: number): string => Array.from({ length: Math.floor(random() * limit) }, () => pick(alphabet)).join('');

const letters = ['a', 'b', 'B', '*', '?', '\\', '.', '(', '[', '$', '\n', '🔑', 'é'];

/** The same pattern as a regular expression: fine for short texts, where backtracking ends. */
function expressionFor(pattern: string): RegExp {
  const source = pattern.replaceAll(/\\[*?\\]|[\s\S]/gu, (token) => {
    if (token === '*') return '[\\s\\S]*';
    if (token === '?') return '[\\s\\S]?';
    const character = token.length > 1 && token.startsWith('\\') ? token.slice(1) : token;
    return character.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  });
  return new RegExp(`^${source}$`, 'u');
}

describe('filters, fed with nonsense', () => {
  it(`match ${RUNS} patterns as regular expressions do`, () => {
    const outcomes = { fits: 0, not: 0 };
    for (let run = 0; run < RUNS; run += 1) {
      const pattern = textOf(letters, 8);
      const text = random() < 0.5 ? textOf(letters, 8) : pattern.replaceAll(/[*?]/g, () => textOf(['a', 'b'], 3));
      const fits = expressionFor(pattern).test(text);
      assert.equal(wildcardMatcher(pattern)(text), fits, JSON.stringify({ pattern, text }));
      const literal = literalOf(pattern);
      if (literal !== undefined) assert.equal(literal === text, fits, JSON.stringify({ pattern, text }));
      outcomes[fits ? 'fits' : 'not'] += 1;
    }
    assert.ok(outcomes.fits > RUNS / 10 && outcomes.not > RUNS / 10, JSON.stringify(outcomes));
  }).timeout(60_000);

  it(`are a predicate or an error of EC2's, ${RUNS / 2} times`, () => {
    const names = ['state', 'tag:a', 'tag:', 'tag-key', 'tag-value', 'tag', '', '__proto__', 'constructor', 'toString', 'hasOwnProperty', 'State', ' state', 'tag:__proto__', undefined];
    const table = { state: ({ state }: { state: string; tags: Tag[] }) => [state, undefined] };
    const objects: { state: string; tags: Tag[] }[] = [{ state: 'running', tags: [{ key: 'a', value: 'b' }] }, { state: '', tags: [] }];
    const codes = new Map<string, number>();
    for (let run = 0; run < RUNS / 2; run += 1) {
      const filters = Array.from({ length: Math.floor(random() * 4) }, () => ({
        Name: pick(names),
        Values: random() < 0.1 ? undefined : Array.from({ length: random() < 0.01 ? 300 : Math.floor(random() * 4) }, () => textOf(letters, 6)),
      }));
      const code = outcomeOf(() => objects.filter(predicateFrom(filters, table, ({ tags }) => tags)));
      codes.set(code, (codes.get(code) ?? 0) + 1);
    }
    assert.deepEqual([...codes.keys()].sort(), ['FilterLimitExceeded', 'InvalidParameterValue', 'MissingParameter', 'none']);
  }).timeout(60_000);

  it('cannot be made slow: the longest patterns against long texts', () => {
    // Work that grows exponentially, or with the cube of the length, would not end within the test's time.
    const cases: readonly [string, string, boolean][] = [
      ['*a'.repeat(500), 'a'.repeat(1000), true],
      ['*a'.repeat(500), 'ab'.repeat(500), false],
      ['*a'.repeat(500), 'ba'.repeat(500), true],
      ['?'.repeat(1000), 'a'.repeat(1000), true],
      ['?'.repeat(1000), 'a'.repeat(1001), false],
      ['*?'.repeat(500), 'a'.repeat(1000), true],
      [`${'a*'.repeat(500)}b`, 'a'.repeat(1000), false],
    ];
    for (const [pattern, text, want] of cases) assert.equal(wildcardMatcher(pattern)(text), want, pattern.slice(0, 10));
  });
});

function outcomeOf(act: () => unknown): string {
  try {
    act();
    return 'none';
  } catch (error) {
    if (error instanceof AwsError && error.status < 500) return error.code;
    throw error;
  }
}

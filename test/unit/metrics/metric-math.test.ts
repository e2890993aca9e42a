import assert from 'node:assert/strict';
import fc from 'fast-check';
import { expressionFrom, idsIn, MathError } from '../../../operator/metrics/math/expression.ts';
import { mathFunctions } from '../../../operator/metrics/math/functions.ts';
import { isList, type MathValue, type Series } from '../../../operator/metrics/math/series.ts';
import { mathOf } from '../../../operator/metrics/metric-math.ts';

const START = Date.parse('2026-01-01T10:00:00Z');
const range = { from: START, to: START + 5 * 60_000 };

/** One value a minute; undefined: none. */
function series(label: string, values: readonly (number | undefined)[], periodSeconds = 60): Series {
  const entries = values.flatMap((value, index): [number, number][] => (value === undefined ? [] : [[START + index * periodSeconds * 1000, value]]));
  return { label, periodSeconds, values: new Map(entries) };
}

const metrics = new Map([
  ['m1', series('m1', [1, 2, 3, 4, 5])],
  ['m2', series('m2', [10, undefined, 0, 40, undefined])],
  ['gap', series('gap', [undefined, 5, undefined, undefined, 20])],
  ['none', series('none', [])],
  ['slow', series('slow', [7], 300)],
]);

function computed(expression: string, others: Readonly<Record<string, string>> = {}): MathValue {
  const queries = [...metrics.keys()].map((id) => ({ id, returnData: true }));
  const expressions = Object.entries({ ...others, result: expression }).map(([id, text]) => ({ id, expression: text, returnData: true }));
  return mathOf([...queries, ...expressions], metrics, range)('result');
}

/** Values by the minute, `-` for none; lists by their labels. */
function shown(value: MathValue): unknown {
  if (typeof value === 'number') return value;
  if (isList(value)) return Object.fromEntries(value.map((one) => [one.label, shown(one)]));
  const at = (index: number): string => String(Number(value.values.get(START + index * value.periodSeconds * 1000)?.toFixed(4) ?? NaN)).replace('NaN', '-');
  return Array.from({ length: (range.to - range.from) / (value.periodSeconds * 1000) }, (_, index) => at(index)).join(' ');
}

describe('metric math', () => {
  const cases: Record<string, unknown> = {
    '1 + 2 * 3': 7,
    '(1 + 2) * 3': 9,
    '10 - 4 - 3': 3,
    '2 ^ 3 ^ 2': 512,
    '-2 ^ 2': -4,
    '2 ^ -1': 0.5,
    '--3': 3,
    '1.5e3 + .5': 1500.5,
    '7 / 2': 3.5,
    '3 > 2': 1,
    '1 + 1 == 2 AND 3 < 2': 0,
    '3 < 2 || 2 >= 2': 1,
    'm1 * 2 + 1': '3 5 7 9 11',
    '-m1': '-1 -2 -3 -4 -5',
    // Only where both have a datapoint; a division by zero is none.
    'm1 + m2': '11 - 3 44 -',
    'm1 / m2': '0.1 - - 0.1 -',
    '100 / m2': '10 - - 2.5 -',
    'm1 > 2': '0 0 1 1 1',
    'm1 > 2 AND m1 < 5': '0 0 1 1 0',
    'm1 / SUM(m1)': '0.0667 0.1333 0.2 0.2667 0.3333',
    'AVG(m1)': 3,
    'MIN(m1) + MAX(m2)': 41,
    'SUM([m1, m2])': '11 2 3 44 5',
    'AVG([m1, m2])': '5.5 2 1.5 22 5',
    'MAX([m1, m2])': '10 2 3 40 5',
    'DATAPOINT_COUNT([m1, m2])': '2 1 2 2 1',
    'DATAPOINT_COUNT(m2)': 3,
    'METRIC_COUNT(METRICS())': 5,
    'METRICS("m")': { m1: '1 2 3 4 5', m2: '10 - 0 40 -' },
    "SUM(METRICS('m'))": '11 2 3 44 5',
    'METRICS("m") * 2': { m1: '2 4 6 8 10', m2: '20 - 0 80 -' },
    '2 - METRICS("m1")': { m1: '1 0 -1 -2 -3' },
    'FIRST(METRICS("m"))': '1 2 3 4 5',
    'LAST([m1, m2])': '10 - 0 40 -',
    'ABS(-3)': 3,
    'ABS(m1 - 3)': '2 1 0 1 2',
    'CEIL(m1 / 2)': '1 1 2 2 3',
    'FLOOR(m1 / 2)': '0 1 1 2 2',
    'LOG10(m2)': '1 - - 1.6021 -',
    'STDDEV(m1)': Math.SQRT2,
    'FILL(m2, 0)': '10 0 0 40 0',
    'FILL(gap, REPEAT)': '- 5 5 5 20',
    'FILL(gap, LINEAR)': '- 5 10 15 20',
    'm1 / FILL(m2, 1)': '0.1 2 - 0.1 5',
    'FILL(none, 3)': '3 3 3 3 3',
    'IF(m1 > 2, m1, 0)': '0 0 3 4 5',
    'IF(m1 > 2, m1)': '- - 3 4 5',
    'IF(m2, m2, 9)': '10 - 9 40 -',
    'IF(1, m1, m2)': '1 2 3 4 5',
    'PERIOD(m1)': 60,
    'm1 / PERIOD(m1)': '0.0167 0.0333 0.05 0.0667 0.0833',
    'DIFF(m1)': '- 1 1 1 1',
    'RATE(gap)': '- - - - 0.0833',
    'RUNNING_SUM(m1)': '1 3 6 10 15',
    'TIME_SERIES(MAX(m1))': '5 5 5 5 5',
    'MINUTE(m1)': '0 1 2 3 4',
    'HOUR(slow)': '10',
    'DAY(slow)': '4',
    'EPOCH(slow)': String(START / 1000),
    'none + 1': '- - - - -',
    'm1 + AVG(none)': '- - - - -',
  };
  for (const [expression, want] of Object.entries(cases)) it(expression, () => assert.deepEqual(shown(computed(expression)), want));

  it('uses other expressions, whatever their order', () => {
    assert.equal(shown(computed('e2 + 1', { e1: 'm1 * 10', e2: 'e1 - m1' })), '10 19 28 37 46');
  });

  const refused: Record<string, RegExp> = {
    '': /Error in expression 'result': unexpected end/,
    '1 +': /unexpected end/,
    '(1': /'\)' is missing/,
    '1 2': /unexpected '2'/,
    'm1 $ 2': /unexpected character at position 3/,
    'm9 + 1': /Error in expression 'result': Undefined variable 'm9'/,
    'result + 1': /circle/,
    'e1 + 1': /Error in expression 'e2': the expressions refer to each other in a circle/,
    'METRICS() + METRICS()': /Unsupported operand type\(s\) for \+: '\[Array\[TimeSeries\], Array\[TimeSeries\]\]'/,
    'm1 + slow': /different periods \(60 and 300 seconds\)/,
    'NOPE(m1)': /the function NOPE is not supported; there are ABS, AVG/,
    'ABS(m1, m2)': /ABS takes 1 parameters, not 2/,
    'FILL(m1, SOMETHING)': /FILL takes a number, REPEAT or LINEAR, not SOMETHING/,
    'FILL(m1, m2)': /FILL takes a number/,
    'IF(METRICS(), 1, 0)': /IF does not take lists/,
    'FIRST(m1)': /FIRST takes a list/,
    'SUM([1, 2])': /takes time series/,
    '"text"': /a text is not a value/,
    'REPEAT': /unexpected 'REPEAT'/,
    'PERIOD(5)': /PERIOD takes a time series/,
    'METRICS(m1)': /a text in quotes/,
    'constructor': /Undefined variable 'constructor'/,
    'CONSTRUCTOR(1)': /not supported/,
  };
  for (const [expression, want] of Object.entries(refused)) {
    it(`refuses ${expression === '' ? 'nothing' : expression}`, () => assert.throws(() => computed(expression, { e1: 'e2', e2: 'e1' }), (error: Error) => error instanceof MathError && want.test(error.message) || assert.fail(error.message)));
  }

  it('is bounded in length, depth and work', () => {
    assert.throws(() => computed('1'.padEnd(3000, '+1')), /longer than 2048/);
    assert.throws(() => computed(`${'('.repeat(1000)}1${')'.repeat(1000)}`), /nested too deeply/);
    assert.throws(() => computed('2^'.repeat(900).concat('2')), /nested too deeply/);
    assert.equal(computed('1'.padEnd(2047, '+1')), 1024);
    assert.equal(computed(`${'-'.repeat(2000)}1`), 1);
    const doubling = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`e${index + 1}`, `[e${index}, e${index}, e${index}]`]));
    assert.throws(() => computed('SUM(e30)', { e0: 'METRICS()', ...doubling }), /more than 500 time series/);
    const many = new Map([['a', series('a', Array.from({ length: 10_000 }, (_, index) => index))]]);
    const queries = [{ id: 'a', returnData: true }, { id: 'b', expression: 'a'.padEnd(1999, '+a'), returnData: true }];
    assert.throws(() => mathOf(queries, many, { from: START, to: START + 6e8 })('b'), /compute too many datapoints/);
  });

  it('has nothing but its own errors for whatever is written', () => {
    const piece = fc.constantFrom(...'+-*/^()[],<>=!&|. "\'', 'm1', 'm2', 'gap', '1', '2.5', '1e9', '==', '&&', 'AND', 'OR', 'REPEAT', 'LINEAR', ...[...mathFunctions.keys()].map((name) => `${name}(`));
    const text = fc.oneof(fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join('')), fc.string({ maxLength: 60, unit: 'binary' }));
    fc.assert(
      fc.property(text, (expression) => {
        try {
          const value = computed(expression);
          for (const one of typeof value === 'number' ? [] : isList(value) ? value : [value]) assert.ok([...one.values.values()].every(Number.isFinite));
        } catch (error) {
          if (!(error instanceof MathError)) throw error;
        }
      }),
      { numRuns: 5000 },
    );
  });

  it('computes what arithmetic says', () => {
    interface Sum {
      text: string;
      value: number;
    }
    const apply: Readonly<Record<string, (left: number, right: number) => number>> = { '+': (l, r) => l + r, '-': (l, r) => l - r, '*': (l, r) => l * r, '/': (l, r) => l / r };
    const number = fc.integer({ min: 1, max: 50 }).map((value): Sum => ({ text: String(value), value }));
    const { tree } = fc.letrec<{ tree: Sum }>((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small' },
        number,
        fc.tuple(tie('tree'), fc.constantFrom('+', '-', '*', '/'), tie('tree')).map(([left, sign, right]): Sum => ({ text: `(${left.text} ${sign} ${right.text})`, value: apply[sign]?.(left.value, right.value) ?? NaN })),
      ),
    }));
    fc.assert(fc.property(tree, ({ text, value }) => assert.ok(Object.is(computed(text), value), text)), { numRuns: 2000 });
  });

  it('tells which ids an expression names', () => {
    assert.deepEqual(idsIn(expressionFrom('IF(a > 2, -b, [c, SUM(d)]) + METRICS("e")')), ['a', 'b', 'c', 'd']);
  });
});

import { MathError, type BinaryOperator } from './expression.ts';

/** A time series: values by the beginnings of their periods, milliseconds since the epoch. */
export interface Series {
  label: string;
  periodSeconds: number;
  values: ReadonlyMap<number, number>;
}

/** What an expression comes to. */
export type MathValue = number | Series | readonly Series[];

/** The name of a value's type in CloudWatch's messages. */
export function typeOf(value: MathValue): string {
  if (typeof value === 'number') return 'Scalar';
  return isList(value) ? 'Array[TimeSeries]' : 'TimeSeries';
}

export function isList(value: MathValue): value is readonly Series[] {
  return Array.isArray(value);
}

/** What bounds the work of one request: values that may still be computed. */
export interface Budget {
  left: number;
}

/** Takes work from the budget. @throws MathError - it is used up */
export function spend(budget: Budget, values: number): void {
  budget.left -= values;
  if (budget.left < 0) throw new MathError('the expressions compute too many datapoints; ask for fewer periods');
}

/** Each value by itself. What is no finite number, such as a division by zero, is no datapoint. */
export function mapped(series: Series, change: (value: number, at: number) => number, budget: Budget): Series {
  spend(budget, series.values.size);
  return { ...series, values: finite([...series.values].map(([at, value]): [number, number] => [at, change(value, at)])) };
}

/** Only datapoints with finite values. */
export function finite(entries: readonly (readonly [number, number])[]): Map<number, number> {
  return new Map(entries.filter(([, value]) => Number.isFinite(value)));
}

const operations: Readonly<Record<BinaryOperator, (left: number, right: number) => number>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '^': (left, right) => left ** right,
  '==': (left, right) => Number(left === right),
  '!=': (left, right) => Number(left !== right),
  '<=': (left, right) => Number(left <= right),
  '>=': (left, right) => Number(left >= right),
  '<': (left, right) => Number(left < right),
  '>': (left, right) => Number(left > right),
  AND: (left, right) => Number(left !== 0 && right !== 0),
  OR: (left, right) => Number(left !== 0 || right !== 0),
};

/** Two values combined: series by time, where both have a datapoint; a list member by member. @throws MathError - two lists, or other periods */
export function combined(operator: BinaryOperator, left: MathValue, right: MathValue, budget: Budget): MathValue {
  const operation = operations[operator];
  if (isList(left) && isList(right)) throw new MathError(`Unsupported operand type(s) for ${operator}: '[${typeOf(left)}, ${typeOf(right)}]'`);
  if (isList(left)) return left.map((series) => combined(operator, series, right, budget) as Series);
  if (isList(right)) return right.map((series) => ({ ...(combined(operator, left, series, budget) as Series), label: series.label }));
  if (typeof left === 'number' && typeof right === 'number') return operation(left, right);
  if (typeof left === 'number') return mapped(right as Series, (value) => operation(left, value), budget);
  if (typeof right === 'number') return mapped(left, (value) => operation(value, right), budget);
  requireSamePeriod([left, right]);
  spend(budget, left.values.size);
  const both = [...left.values].flatMap(([at, value]): [number, number][] => {
    const other = right.values.get(at);
    return other === undefined ? [] : [[at, operation(value, other)]];
  });
  return { ...left, values: finite(both) };
}

/** CloudWatch has rules for mixing them, which are not to be had here. @throws MathError */
export function requireSamePeriod(all: readonly Series[]): void {
  const [first] = all;
  const other = all.find(({ periodSeconds }) => periodSeconds !== first?.periodSeconds);
  if (first === undefined || other === undefined) return;
  throw new MathError(`metrics of different periods (${String(first.periodSeconds)} and ${String(other.periodSeconds)} seconds) cannot be combined`);
}

/** Several series as one: at each time what those come to that have a datapoint there. @throws MathError - other periods */
export function across(all: readonly Series[], merge: (values: number[]) => number, budget: Budget): Series {
  requireSamePeriod(all);
  const byTime = new Map<number, number[]>();
  for (const { values } of all) {
    spend(budget, values.size);
    for (const [at, value] of values) {
      const known = byTime.get(at);
      if (known === undefined) byTime.set(at, [value]);
      else known.push(value);
    }
  }
  const merged = [...byTime].map(([at, values]): [number, number] => [at, merge(values)]);
  return { label: all[0]?.label ?? '', periodSeconds: all[0]?.periodSeconds ?? 60, values: finite(merged.sort(([left], [right]) => left - right)) };
}

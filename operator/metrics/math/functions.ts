import { MathError, type Expression } from './expression.ts';
import { across, combined, finite, isList, mapped, spend, typeOf, type Budget, type MathValue, type Series } from './series.ts';

/** Time series of one list: as many as a request has metrics. */
const LIST_LIMIT = 500;

/** What functions look at beside their parameters. */
export interface MathContext {
  /** Times that are asked for, milliseconds since the epoch; whole periods around them count. */
  from: number;
  to: number;
  periodSeconds: number;
  /** The metrics of the request, expressions not among them. */
  metrics: readonly { id: string; series: Series }[];
  budget: Budget;
}

/** A parameter: its value, and for functions that take words or text how it was written. */
export interface Parameter {
  value: () => MathValue;
  written: Expression;
}

interface MathFunction {
  least: number;
  most: number;
  call: (parameters: readonly Parameter[], context: MathContext) => MathValue;
}

/** Each datapoint by itself, of one series or of each of a list. */
function each(change: (value: number, at: number) => number): MathFunction {
  return {
    least: 1,
    most: 1,
    call: ([parameter], { budget }) => {
      const value = valueOf(parameter);
      if (typeof value === 'number') return change(value, 0);
      return isList(value) ? value.map((series) => mapped(series, change, budget)) : mapped(value, change, budget);
    },
  };
}

/** Of one series a number, of a list a series. */
function aggregate(merge: (values: readonly number[]) => number): MathFunction {
  return {
    least: 1,
    most: 1,
    call: ([parameter], { budget }) => {
      const value = valueOf(parameter);
      if (typeof value === 'number') return value;
      if (isList(value)) return across(value, merge, budget);
      spend(budget, value.values.size);
      return value.values.size === 0 ? Number.NaN : merge([...value.values.values()]);
    },
  };
}

/** A whole series at once, each of a list by itself. */
function whole(change: (series: Series, context: MathContext) => ReadonlyMap<number, number>): MathFunction {
  return {
    least: 1,
    most: 1,
    call: ([parameter], context) => {
      const value = valueOf(parameter);
      if (typeof value === 'number') throw new MathError(`Unsupported operand type(s): '${typeOf(value)}'; a time series is needed`);
      const one = (series: Series): Series => {
        spend(context.budget, series.values.size);
        return { ...series, values: change(series, context) };
      };
      return isList(value) ? value.map(one) : one(value);
    },
  };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const average = (values: readonly number[]): number => sum(values) / values.length;
const deviation = (values: readonly number[]): number => {
  const mean = average(values);
  return Math.sqrt(average(values.map((value) => (value - mean) ** 2)));
};
const sorted = ({ values }: Series): [number, number][] => [...values].sort(([left], [right]) => left - right);

/** Differences of neighbours; `divided` by the seconds between them. */
function differences(series: Series, isDivided: boolean): ReadonlyMap<number, number> {
  const entries = sorted(series);
  return finite(
    entries.slice(1).map(([at, value], index): [number, number] => {
      const [before = 0, former = 0] = entries[index] ?? [];
      return [at, isDivided ? (value - former) / ((at - before) / 1000) : value - former];
    }),
  );
}

function runningSum(series: Series): ReadonlyMap<number, number> {
  let total = 0;
  return new Map(sorted(series).map(([at, value]) => [at, (total += value)]));
}

function periodsOf({ from, to, budget }: MathContext, periodSeconds: number): number[] {
  const first = Math.floor(from / (periodSeconds * 1000));
  const count = Math.max(0, Math.ceil(to / (periodSeconds * 1000)) - first);
  spend(budget, count);
  return Array.from({ length: count }, (_, index) => (first + index) * periodSeconds * 1000);
}

/** Missing datapoints, filled in with a number, the one before, or what lies on the line between its neighbours. */
function filled(series: Series, filler: number | 'REPEAT' | 'LINEAR', context: MathContext): Series {
  const known = sorted(series);
  let next = 0;
  const entries = periodsOf(context, series.periodSeconds).flatMap((at): [number, number][] => {
    while (next < known.length && (known[next]?.[0] ?? 0) <= at) next += 1;
    const [before, value] = known[next - 1] ?? [];
    if (before === at && value !== undefined) return [[at, value]];
    if (typeof filler === 'number') return [[at, filler]];
    if (before === undefined || value === undefined) return [];
    if (filler === 'REPEAT') return [[at, value]];
    const [after, later] = known[next] ?? [];
    return after === undefined || later === undefined ? [] : [[at, value + ((later - value) * (at - before)) / (after - before)]];
  });
  return { ...series, values: finite(entries) };
}

function fillerOf({ written, value }: Parameter): number | 'REPEAT' | 'LINEAR' {
  if (written.kind === 'word') {
    if (written.name === 'REPEAT' || written.name === 'LINEAR') return written.name;
    throw new MathError(`FILL takes a number, REPEAT or LINEAR, not ${written.name}`);
  }
  const filler = value();
  if (typeof filler === 'number') return filler;
  throw new MathError('FILL takes a number, REPEAT or LINEAR');
}

/** Where the condition has a datapoint that is not 0 what comes second, else what comes third. */
function chosen(condition: MathValue, yes: MathValue, no: MathValue | undefined, budget: Budget): MathValue {
  if (isList(condition) || isList(yes) || (no !== undefined && isList(no))) throw new MathError('IF does not take lists');
  if (typeof condition === 'number') {
    if (condition !== 0) return yes;
    if (no !== undefined) return no;
    throw new MathError('IF with a number for a condition needs a value for the other case');
  }
  spend(budget, condition.values.size);
  const at = (value: number | Series | undefined, time: number): number => (typeof value === 'number' ? value : (value?.values.get(time) ?? Number.NaN));
  return { ...condition, values: finite([...condition.values].map(([time, verdict]): [number, number] => [time, at(verdict !== 0 ? yes : no, time)])) };
}

function valueOf(parameter: Parameter | undefined): MathValue {
  if (parameter === undefined) throw new MathError('a parameter is missing');
  return parameter.value();
}

function listOf(parameter: Parameter | undefined, name: string): readonly Series[] {
  const value = valueOf(parameter);
  if (isList(value)) return value;
  throw new MathError(`${name} takes a list of time series, such as METRICS()`);
}

function clock(part: (date: Date) => number): MathFunction {
  return each((_, at) => part(new Date(at)));
}

/** The functions that there are. @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html#metric-math-syntax */
export const mathFunctions: ReadonlyMap<string, MathFunction> = new Map<string, MathFunction>([
  ['ABS', each(Math.abs)],
  ['CEIL', each(Math.ceil)],
  ['FLOOR', each(Math.floor)],
  ['LOG', each(Math.log)],
  ['LOG10', each(Math.log10)],
  ['AVG', aggregate(average)],
  ['SUM', aggregate(sum)],
  ['MIN', aggregate((values) => values.reduce((least, value) => Math.min(least, value), Infinity))],
  ['MAX', aggregate((values) => values.reduce((most, value) => Math.max(most, value), -Infinity))],
  ['STDDEV', aggregate(deviation)],
  ['DATAPOINT_COUNT', aggregate((values) => values.length)],
  ['DIFF', whole((series) => differences(series, false))],
  ['RATE', whole((series) => differences(series, true))],
  ['RUNNING_SUM', whole(runningSum)],
  ['MINUTE', clock((date) => date.getUTCMinutes())],
  ['HOUR', clock((date) => date.getUTCHours())],
  // Monday is 1.
  ['DAY', clock((date) => date.getUTCDay() || 7)],
  ['DATE', clock((date) => date.getUTCDate())],
  ['MONTH', clock((date) => date.getUTCMonth() + 1)],
  ['YEAR', clock((date) => date.getUTCFullYear())],
  ['EPOCH', each((_, at) => at / 1000)],
  ['METRIC_COUNT', { least: 1, most: 1, call: ([parameter]) => listOf(parameter, 'METRIC_COUNT').length }],
  ['FIRST', { least: 1, most: 1, call: ([parameter]) => listOf(parameter, 'FIRST')[0] ?? noSeries() }],
  ['LAST', { least: 1, most: 1, call: ([parameter]) => listOf(parameter, 'LAST').at(-1) ?? noSeries() }],
  [
    'METRICS',
    {
      least: 0,
      most: 1,
      call: ([parameter], { metrics }) => {
        if (parameter !== undefined && parameter.written.kind !== 'text') throw new MathError('METRICS takes a text in quotes');
        const part = parameter?.written.kind === 'text' ? parameter.written.value : '';
        return metrics.filter(({ id }) => id.includes(part)).map(({ series }) => series);
      },
    },
  ],
  [
    'PERIOD',
    {
      least: 1,
      most: 1,
      call: ([parameter]) => {
        const value = valueOf(parameter);
        if (typeof value === 'number' || isList(value)) throw new MathError('PERIOD takes a time series');
        return value.periodSeconds;
      },
    },
  ],
  [
    'TIME_SERIES',
    {
      least: 1,
      most: 1,
      call: ([parameter], context) => {
        const value = valueOf(parameter);
        if (typeof value !== 'number') throw new MathError('TIME_SERIES takes a number');
        const { periodSeconds } = context;
        return { label: 'TIME_SERIES', periodSeconds, values: finite(periodsOf(context, periodSeconds).map((at): [number, number] => [at, value])) };
      },
    },
  ],
  [
    'FILL',
    {
      least: 2,
      most: 2,
      call: ([parameter, filler], context) => {
        const value = valueOf(parameter);
        if (typeof value === 'number' || filler === undefined) throw new MathError('FILL takes a time series');
        const how = fillerOf(filler);
        return isList(value) ? value.map((series) => filled(series, how, context)) : filled(value, how, context);
      },
    },
  ],
  [
    'IF',
    {
      least: 2,
      most: 3,
      call: ([condition, yes, no], { budget }) => chosen(valueOf(condition), valueOf(yes), no?.value(), budget),
    },
  ],
]);

function noSeries(): never {
  throw new MathError('the list has no time series');
}

/** A list of series as it is written: [m1, m2]. @throws MathError - for a number in it */
export function listFrom(values: readonly MathValue[]): readonly Series[] {
  const list = values.flatMap((value): readonly Series[] => {
    if (typeof value === 'number') throw new MathError("a list in brackets takes time series, not 'Scalar'");
    return isList(value) ? value : [value];
  });
  // Lists of lists of lists would grow without end.
  if (list.length > LIST_LIMIT) throw new MathError(`a list has more than ${String(LIST_LIMIT)} time series`);
  return list;
}

/** The value with its sign turned. */
export function negated(value: MathValue, budget: Budget): MathValue {
  return combined('*', value, -1, budget);
}

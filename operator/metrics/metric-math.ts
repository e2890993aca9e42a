import type { MetricDataQuery, MetricStat } from '../api/monitoring/metric-data-query.ts';
import { evaluate } from './math/evaluate.ts';
import { expressionFrom, MathError } from './math/expression.ts';
import { typeOf, isList, type Budget, type MathValue, type Series } from './math/series.ts';
import { UnsupportedMetric, type Datapoint, type MetricsSource } from './metrics-source.ts';

/** Datapoints that the expressions of one request may compute, steps in between counted. */
const WORK_LIMIT = 2_000_000;

/** What a set of queries is asked about, milliseconds since the epoch. */
export interface MathRange {
  from: number;
  to: number;
}

/**
 * The values of queries that may name each other: those of metrics are given, expressions are computed when they are asked for.
 * @throws MathError - `valueOf` does, naming the expression that is wrong
 */
export function mathOf(queries: readonly MetricDataQuery[], metrics: ReadonlyMap<string, Series>, { from, to }: MathRange): (id: string) => MathValue {
  const known = new Map<string, MathValue>(metrics);
  const underWay = new Set<string>();
  const budget: Budget = { left: WORK_LIMIT };
  const periodSeconds = metrics.values().next().value?.periodSeconds ?? 60;
  const context = { from, to, periodSeconds, budget, metrics: queries.flatMap(({ id }) => withSeries(id, metrics.get(id))) };
  const valueOf = (id: string, inside: string): MathValue => {
    const value = known.get(id);
    if (value !== undefined) return value;
    const query = queries.find((one) => one.id === id);
    if (query?.expression === undefined) throw new MathError(`Error in expression '${inside}': Undefined variable '${id}'`);
    if (underWay.has(id)) throw new MathError(`Error in expression '${inside}': the expressions refer to each other in a circle`);
    underWay.add(id);
    const computed = evaluated(query.expression, id);
    underWay.delete(id);
    known.set(id, computed);
    return computed;
  };
  const evaluated = (expression: string, id: string): MathValue => {
    try {
      return evaluate(expressionFrom(expression), (other) => valueOf(other, id), context);
    } catch (error) {
      if (!(error instanceof MathError) || error.message.startsWith('Error in expression')) throw error;
      throw new MathError(`Error in expression '${id}': ${error.message}`, { cause: error });
    }
  };
  return (id) => valueOf(id, id);
}

function withSeries(id: string, series: Series | undefined): { id: string; series: Series }[] {
  return series === undefined ? [] : [{ id, series }];
}

/** The one time series that a list of queries of an alarm comes to. @throws MathError */
export function resultOf(queries: readonly MetricDataQuery[], metrics: ReadonlyMap<string, Series>, range: MathRange): Series {
  const results = queries.filter(({ returnData }) => returnData);
  const [result] = results;
  if (result === undefined || results.length > 1) throw new MathError('Exactly one element of the metrics list should return data.');
  const value = mathOf(queries, metrics, range)(result.id);
  if (typeof value !== 'number' && !isList(value)) return value;
  throw new MathError(`Error in expression '${result.id}': The expression must return a single time series, not '${typeOf(value)}'`);
}

/**
 * Finds what is wrong with queries of an alarm without asking for a single datapoint: their expressions are carried out on empty series.
 * @throws MathError
 */
export function requireMath(queries: readonly MetricDataQuery[]): void {
  if (new Set(queries.map(({ id }) => id)).size < queries.length) throw new MathError('The values for parameter id in Metrics are not unique.');
  const empty = new Map(
    queries.flatMap(({ id, metricStat }): [string, Series][] =>
      metricStat === undefined ? [] : [[id, { label: id, periodSeconds: metricStat.period, values: new Map() }]],
    ),
  );
  if (empty.size === 0) throw new MathError('At least one element of the metrics list must be a metric.');
  resultOf(queries, empty, { from: 0, to: 0 });
}

/** Datapoints of what queries come to. @throws UnsupportedMetric, MetricsUnavailable */
export async function mathDatapoints(
  namespace: string | undefined,
  queries: readonly MetricDataQuery[],
  range: MathRange,
  source: MetricsSource,
): Promise<Datapoint[]> {
  const asked = queries.flatMap(({ id, metricStat }) => (metricStat === undefined ? [] : [{ id, metricStat }]));
  const measure = async ({ id, metricStat }: (typeof asked)[number]): Promise<[string, Series]> => [id, await seriesOf(namespace, metricStat, range, source)];
  const metrics = new Map(await Promise.all(asked.map(measure)));
  try {
    return [...resultOf(queries, metrics, range).values].map(([at, value]) => ({ at, value })).sort((left, right) => left.at - right.at);
  } catch (error) {
    if (error instanceof MathError) throw new UnsupportedMetric('InvalidExpression', error.message);
    throw error;
  }
}

async function seriesOf(namespace: string | undefined, stat: MetricStat, { from, to }: MathRange, source: MetricsSource): Promise<Series> {
  const { dimensions = [], period, metricName } = stat;
  const query = { namespace: stat.namespace, metricName, dimensions, stat: stat.stat, periodSeconds: period, from, to };
  const datapoints = await source.datapoints(namespace, query);
  return { label: metricName, periodSeconds: period, values: new Map(datapoints.map(({ at, value }) => [at, value])) };
}

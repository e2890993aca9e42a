import type { GetMetricDataInput, GetMetricDataOutput, MessageData, MetricDataQuery, MetricDataResult } from '@aws-sdk/client-cloudwatch';
import { isList, typeOf, type MathValue, type Series } from '../../../metrics/math/series.ts';
import { mathOf } from '../../../metrics/metric-math.ts';
import { UnsupportedMetric } from '../../../metrics/metrics-source.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { metricsErrorFrom, validationError } from '../errors.ts';
import { orValidationError } from './metric-queries.ts';
import { metricFrom, rangeFrom, requireStatistic } from './statistics-query.ts';

const QUERIES_LIMIT = 500;
const DATAPOINTS_LIMIT = 100_800;

/** A metric that was asked for, with what is to be said of it. */
interface Measured {
  series: Series;
  messages: MessageData[];
}

/**
 * Gives one statistic of each of several metrics, and what expressions make of them. What has no source is told in Messages.
 * @throws AwsError ValidationError, InvalidParameterValue, InvalidParameterCombination
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
 */
export async function getMetricData(input: GetMetricDataInput, context: ReadOnlyContext): Promise<GetMetricDataOutput> {
  const { MetricDataQueries: queries = [], ScanBy = 'TimestampDescending' } = input;
  if (queries.length > QUERIES_LIMIT) throw validationError(`The collection MetricDataQueries must not have a size greater than ${String(QUERIES_LIMIT)}.`);
  const ids = queries.map(({ Id = '' }) => Id);
  if (ids.some((id) => !/^[a-z]\w{0,254}$/.test(id))) throw validationError('The Id of a query must begin with a lower-case letter and have letters, digits and underscores.');
  if (new Set(ids).size < ids.length) throw validationError('The values for parameter id in MetricDataQueries are not unique.');
  const measured = new Map(await Promise.all(queries.flatMap((query) => (query.Expression === undefined ? [measuredBy(query, input, context)] : []))));
  const valueOf = mathOf(
    queries.map(({ Id = '', Expression }) => ({ id: Id, returnData: true, ...(Expression !== undefined && { expression: Expression }) })),
    new Map([...measured].map(([id, { series }]) => [id, series])),
    { from: input.StartTime?.getTime() ?? 0, to: input.EndTime?.getTime() ?? 0 },
  );
  const results = queries.map((query) => {
    const { Id = '' } = query;
    return resultsOf(query, orValidationError(() => valueOf(Id)), measured.get(Id)?.messages ?? [], ScanBy === 'TimestampAscending');
  });
  return { MetricDataResults: results.filter((_, index) => queries[index]?.ReturnData !== false).flat(), Messages: [] };
}

async function measuredBy({ Id = '', MetricStat }: MetricDataQuery, input: GetMetricDataInput, { metrics, caller }: ReadOnlyContext): Promise<[string, Measured]> {
  if (!MetricStat) throw validationError(`The query '${Id}' must have a MetricStat or an Expression.`);
  const range = rangeFrom(input.StartTime, input.EndTime, MetricStat.Period, DATAPOINTS_LIMIT);
  const query = { ...metricFrom(MetricStat.Metric ?? {}, `the query ${Id}`), ...range, stat: requireStatistic(MetricStat.Stat) };
  const messages: MessageData[] = [];
  const datapoints = await metrics.datapoints(caller.namespace, query).catch((error: unknown) => {
    const isAbsent = error instanceof UnsupportedMetric && (error.reason === 'NoMetricsSource' || error.reason === 'UnknownMetric');
    if (!isAbsent) throw metricsErrorFrom(error);
    messages.push({ Code: error.reason, Value: error.message });
    return [];
  });
  const values = new Map(datapoints.map(({ at, value }) => [at, value]));
  return [Id, { series: { label: query.metricName, periodSeconds: query.periodSeconds, values }, messages }];
}

/** A list of time series comes as one result for each, all with the id of the query. */
function resultsOf({ Id = '', Expression, Label }: MetricDataQuery, value: MathValue, messages: MessageData[], isAscending: boolean): MetricDataResult[] {
  if (typeof value === 'number') throw validationError(`Error in expression '${Id}': The expression must return a time series, not '${typeOf(value)}'`);
  return (isList(value) ? value : [value]).map((series) => {
    const ascending = [...series.values].sort(([left], [right]) => left - right);
    const ordered = isAscending ? ascending : ascending.toReversed();
    return {
      Id,
      Label: Label ?? (Expression === undefined || isList(value) ? series.label : Id),
      Timestamps: ordered.map(([at]) => new Date(at)),
      Values: ordered.map(([, one]) => one),
      StatusCode: 'Complete',
      ...(messages.length > 0 && { Messages: messages }),
    };
  });
}

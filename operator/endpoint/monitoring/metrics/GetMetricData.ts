import type { GetMetricDataInput, GetMetricDataOutput, MetricDataQuery, MetricDataResult, MessageData } from '@aws-sdk/client-cloudwatch';
import { UnsupportedMetric } from '../../../metrics/metrics-source.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { metricsErrorFrom, validationError } from '../errors.ts';
import { metricFrom, rangeFrom, requireStatistic } from './statistics-query.ts';

const QUERIES_LIMIT = 500;
const DATAPOINTS_LIMIT = 100_800;

/**
 * Gives one statistic of each of several metrics. Metric math is refused. What has no source is told in Messages.
 * @throws AwsError ValidationError, InvalidParameterValue, InvalidParameterCombination
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
 */
export async function getMetricData(input: GetMetricDataInput, context: ReadOnlyContext): Promise<GetMetricDataOutput> {
  const { MetricDataQueries: queries = [], ScanBy = 'TimestampDescending' } = input;
  if (queries.length > QUERIES_LIMIT) throw validationError(`The collection MetricDataQueries must not have a size greater than ${String(QUERIES_LIMIT)}.`);
  const ids = queries.map(({ Id = '' }) => Id);
  if (ids.some((id) => !/^[a-z]\w{0,254}$/.test(id))) throw validationError('The Id of a query must begin with a lower-case letter and have letters, digits and underscores.');
  if (new Set(ids).size < ids.length) throw validationError('The values for parameter id in MetricDataQueries are not unique.');
  const results = await Promise.all(queries.map(async (query) => resultOf(query, input, ScanBy === 'TimestampAscending', context)));
  return { MetricDataResults: results.filter((_, index) => queries[index]?.ReturnData !== false), Messages: [] };
}

async function resultOf({ Id = '', MetricStat, Expression, Label }: MetricDataQuery, { StartTime, EndTime }: GetMetricDataInput, isAscending: boolean, { metrics, caller }: ReadOnlyContext): Promise<MetricDataResult> {
  if (Expression !== undefined) throw validationError(`Error in expression '${Id}': metric math is not supported.`);
  if (!MetricStat) throw validationError(`The query '${Id}' must have a MetricStat.`);
  const query = { ...metricFrom(MetricStat.Metric ?? {}, `the query ${Id}`), ...rangeFrom(StartTime, EndTime, MetricStat.Period, DATAPOINTS_LIMIT), stat: requireStatistic(MetricStat.Stat) };
  const messages: MessageData[] = [];
  const datapoints = await metrics.datapoints(caller.namespace, query).catch((error: unknown) => {
    const isAbsent = error instanceof UnsupportedMetric && (error.reason === 'NoMetricsSource' || error.reason === 'UnknownMetric');
    if (!isAbsent) throw metricsErrorFrom(error);
    messages.push({ Code: error.reason, Value: error.message });
    return [];
  });
  const ordered = isAscending ? datapoints : datapoints.toReversed();
  return {
    Id,
    Label: Label ?? query.metricName,
    Timestamps: ordered.map(({ at }) => new Date(at)),
    Values: ordered.map(({ value }) => value),
    StatusCode: 'Complete',
    ...(messages.length > 0 && { Messages: messages }),
  };
}

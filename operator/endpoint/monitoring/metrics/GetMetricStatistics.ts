import type { Datapoint as SdkDatapoint, GetMetricStatisticsInput, GetMetricStatisticsOutput } from '@aws-sdk/client-cloudwatch';
import { UnsupportedMetric } from '../../../metrics/metrics-source.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { invalidCombination, metricsErrorFrom } from '../errors.ts';
import { metricFrom, rangeFrom, requireStatistic } from './statistics-query.ts';
import { unitOf } from './metric-unit.ts';

const DATAPOINTS_LIMIT = 1440;

/**
 * Gives statistics of a metric, period by period. A metric that nobody measures has no datapoints.
 * @throws AwsError InvalidParameterValue, InvalidParameterCombination
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricStatistics.html
 */
export async function getMetricStatistics(input: GetMetricStatisticsInput, context: ReadOnlyContext): Promise<GetMetricStatisticsOutput> {
  const { Statistics = [], ExtendedStatistics = [] } = input;
  if (Statistics.length === 0 && ExtendedStatistics.length === 0) throw invalidCombination('At least one of the parameters Statistics and ExtendedStatistics must be specified.');
  const query = { ...metricFrom(input, 'the request'), ...rangeFrom(input.StartTime, input.EndTime, input.Period, DATAPOINTS_LIMIT) };
  const unit = unitOf(query, context);
  const byTime = new Map<number, SdkDatapoint>();
  for (const stat of [...Statistics, ...ExtendedStatistics].map(requireStatistic)) {
    for (const { at, value } of await datapointsOf({ ...query, stat }, context)) {
      const datapoint = byTime.get(at) ?? { Timestamp: new Date(at), ...(unit !== undefined && { Unit: unit }) };
      byTime.set(at, datapoint);
      if (stat.startsWith('p')) (datapoint.ExtendedStatistics ??= {})[stat] = value;
      else Object.assign(datapoint, { [stat]: value });
    }
  }
  const isOtherUnit = input.Unit !== undefined && input.Unit !== unit;
  return { Label: query.metricName, Datapoints: isOtherUnit ? [] : [...byTime.values()] };
}

async function datapointsOf(query: Parameters<ReadOnlyContext['metrics']['datapoints']>[1], { metrics, caller }: ReadOnlyContext): ReturnType<ReadOnlyContext['metrics']['datapoints']> {
  try {
    return await metrics.datapoints(caller.namespace, query);
  } catch (error) {
    if (error instanceof UnsupportedMetric && (error.reason === 'NoMetricsSource' || error.reason === 'UnknownMetric')) return [];
    throw metricsErrorFrom(error);
  }
}

import type { Dimension as SdkDimension } from '@aws-sdk/client-cloudwatch';
import { STATISTICS, type MetricIdentity } from '../../../api/monitoring/metric.ts';
import { percentileOf, periodsAround, type MetricQuery } from '../../../metrics/metrics-source.ts';
import { invalidCombination, invalidParameter } from '../errors.ts';
import { dimensionsFrom } from './metric-values.ts';

/** Times and period of a request for datapoints, checked. @throws AwsError InvalidParameterValue, InvalidParameterCombination */
export function rangeFrom(start: Date | undefined, end: Date | undefined, period: number | undefined, limit: number): Pick<MetricQuery, 'from' | 'to' | 'periodSeconds'> {
  const periodSeconds = period ?? 0;
  if (!Number.isInteger(periodSeconds) || periodSeconds < 1 || (periodSeconds % 60 !== 0 && ![1, 5, 10, 20, 30].includes(periodSeconds))) {
    throw invalidParameter('The parameter Period must be 1, 5, 10, 20, 30 or a multiple of 60');
  }
  const [from, to] = [start?.getTime() ?? NaN, end?.getTime() ?? NaN];
  if (!(from < to)) throw invalidCombination('The parameter StartTime must be less than the parameter EndTime.');
  const range = periodsAround(from, to, periodSeconds);
  const count = (range.to - range.from) / (periodSeconds * 1000);
  if (count > limit) {
    throw invalidCombination(`You have requested up to ${String(count)} datapoints, which exceeds the limit of ${String(limit)}. You may reduce the datapoints requested by increasing Period, or decreasing the time range.`);
  }
  return { ...range, periodSeconds };
}

/** The metric of a request, checked. @throws AwsError InvalidParameterValue */
export function metricFrom(metric: { Namespace?: string | undefined; MetricName?: string | undefined; Dimensions?: readonly SdkDimension[] | undefined }, path: string): MetricIdentity {
  const { Namespace: namespace = '', MetricName: metricName = '', Dimensions } = metric;
  if (namespace === '' || metricName === '') throw invalidParameter(`The parameters Namespace and MetricName of ${path} are required.`);
  return { namespace, metricName, dimensions: dimensionsFrom(Dimensions, path) };
}

/** @throws AwsError InvalidParameterValue - for what is neither a statistic nor a percentile */
export function requireStatistic(stat: string | undefined): string {
  if (stat !== undefined && ((STATISTICS as readonly string[]).includes(stat) || percentileOf(stat) !== undefined)) return stat;
  throw invalidParameter(`The value ${stat ?? ''} for parameter Stat is not supported: use ${STATISTICS.join(', ')}, or a percentile such as p99.`);
}

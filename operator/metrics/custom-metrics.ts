import { metricKeyOf } from '../api/monitoring/metric.ts';
import { seriesKeyOf, type Minute } from '../api/monitoring/metric-series.ts';
import { defineIndex, type Read } from '../kubernetes/read.ts';
import { MetricSeries } from '../kubernetes/resources.ts';
import { UnsupportedMetric, type Datapoint, type MetricQuery } from './metrics-source.ts';

/** Series by namespace and metric. */
export const seriesByMetric = defineIndex(MetricSeries, 'metric', (series) => [`${series.metadata.namespace ?? ''}/${seriesKeyOf(series)}`]);

/** The series of a metric that was put; undefined if nobody has put it. */
export function seriesOf(namespace: string | undefined, metric: Parameters<typeof metricKeyOf>[0], read: Read): MetricSeries | undefined {
  return read.byIndex(seriesByMetric, `${namespace ?? ''}/${metricKeyOf(metric)}`)[0];
}

/** Datapoints of a custom metric. @throws UnsupportedMetric - percentiles, and periods below a minute: values are kept by the minute */
export function customDatapoints(namespace: string | undefined, query: MetricQuery, read: Read): Datapoint[] {
  const { stat, periodSeconds, from, to } = query;
  if (periodSeconds % 60 !== 0) throw new UnsupportedMetric('UnsupportedPeriod', 'Custom metrics are kept by the minute: the period must be a multiple of 60');
  const valueOf = statistics[stat];
  if (!valueOf) throw new UnsupportedMetric('UnsupportedStatistic', `The statistic ${stat} is not supported for custom metrics: their single values are not kept`);
  const periods = new Map<number, Minute>();
  for (const minute of seriesOf(namespace, query, read)?.spec.minutes ?? []) {
    const at = Math.floor(minute.at / periodSeconds) * periodSeconds;
    if (at * 1000 < from || at * 1000 >= to || minute.sampleCount <= 0) continue;
    periods.set(at, mergedMinute(periods.get(at), { ...minute, at }));
  }
  return [...periods.values()].map((period) => ({ at: period.at * 1000, value: valueOf(period) })).sort((left, right) => left.at - right.at);
}

/** Values of two sources for the same time as one. */
export function mergedMinute(first: Minute | undefined, second: Minute): Minute {
  if (first === undefined) return second;
  return {
    at: first.at,
    sampleCount: first.sampleCount + second.sampleCount,
    sum: first.sum + second.sum,
    minimum: Math.min(first.minimum, second.minimum),
    maximum: Math.max(first.maximum, second.maximum),
  };
}

const statistics: Readonly<Record<string, ((period: Minute) => number) | undefined>> = {
  Average: ({ sum, sampleCount }) => sum / sampleCount,
  Sum: ({ sum }) => sum,
  Minimum: ({ minimum }) => minimum,
  Maximum: ({ maximum }) => maximum,
  SampleCount: ({ sampleCount }) => sampleCount,
};

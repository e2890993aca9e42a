import type { MetricIdentity } from '../api/monitoring/metric.ts';

/** What is asked of a metric: one statistic of each period between two times, in milliseconds since the epoch. */
export interface MetricQuery extends MetricIdentity {
  /** `Average`, `Sum`, `Minimum`, `Maximum`, `SampleCount`, or a percentile such as `p99.9`. */
  stat: string;
  periodSeconds: number;
  /** Beginning of the first period, a multiple of the period. */
  from: number;
  /** End of the last period, a multiple of the period. */
  to: number;
}

/** One period's value; `at` is its beginning. Periods without values are absent. */
export interface Datapoint {
  at: number;
  value: number;
}

/** Where values of metrics come from, for the metrics of one account's namespace. */
export interface MetricsSource {
  /** Whether machines are measured at all. */
  readonly hasMachineMetrics: boolean;
  /** Datapoints in the order of time. @throws UnsupportedMetric, MetricsUnavailable */
  datapoints(namespace: string | undefined, query: MetricQuery): Promise<Datapoint[]>;
}

/** There is no source for the metric or its statistic, and waiting will not help; the message says what would. */
export class UnsupportedMetric extends Error {
  override readonly name = 'UnsupportedMetric';
  /** One CamelCase word, for conditions. */
  readonly reason: 'NoMetricsSource' | 'UnknownMetric' | 'UnsupportedStatistic' | 'UnsupportedPeriod' | 'InvalidExpression';

  constructor(reason: UnsupportedMetric['reason'], message: string) {
    super(message);
    this.reason = reason;
  }
}

/** The source did not answer this time. */
export class MetricsUnavailable extends Error {
  override readonly name = 'MetricsUnavailable';
}

/** The percentile that a statistic names, between 0 and 100; undefined for others. */
export function percentileOf(stat: string): number | undefined {
  const [, digits] = /^p(\d{1,3}(?:\.\d{1,10})?)$/.exec(stat) ?? [];
  return digits === undefined || Number(digits) > 100 ? undefined : Number(digits);
}

/** Whole periods that cover the times: the beginning of the first, the end of the last. */
export function periodsAround(fromMilliseconds: number, toMilliseconds: number, periodSeconds: number): { from: number; to: number } {
  const period = periodSeconds * 1000;
  return { from: Math.floor(fromMilliseconds / period) * period, to: Math.ceil(toMilliseconds / period) * period };
}

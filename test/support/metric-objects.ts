import { MetricAlarmDefinition, type MetricAlarm, type MetricAlarmSpec, type MetricAlarmStatus } from '../../operator/api/monitoring/metric-alarm.ts';
import { MetricSeriesDefinition, type MetricSeries } from '../../operator/api/monitoring/metric-series.ts';
import { NAMESPACE } from './operation-context.ts';

/** An alarm on a custom metric, 3 of 3 minutes above 80, unless the test says otherwise. */
export function anAlarm(name: string, spec: Partial<MetricAlarmSpec> = {}, status?: MetricAlarmStatus): MetricAlarm {
  return {
    apiVersion: MetricAlarmDefinition.apiVersion,
    kind: MetricAlarmDefinition.kind,
    metadata: { name, namespace: NAMESPACE, uid: `uid-${name}`, creationTimestamp: '2026-01-01T00:00:00Z', generation: 1 },
    spec: MetricAlarmDefinition.spec.parse({
      namespace: 'App', metricName: 'Load', statistic: 'Average', period: 60, evaluationPeriods: 3, threshold: 80, comparisonOperator: 'GreaterThanThreshold', ...spec,
      ...((spec.extendedStatistic !== undefined || spec.metrics !== undefined) && { statistic: undefined }),
      ...(spec.metrics !== undefined && { namespace: undefined, metricName: undefined, period: undefined }),
    }),
    ...(status && { status }),
  };
}

/** A series with one value a minute, the last of them in the minute before `end` (milliseconds since the epoch). */
export function aSeries(name: string, values: readonly (number | undefined)[], end: number, spec: Partial<MetricSeries['spec']> = {}): MetricSeries {
  const last = Math.floor(end / 60_000) * 60 - 60;
  const minutes = values.flatMap((value, index) =>
    value === undefined ? [] : [{ at: last - 60 * (values.length - 1 - index), sampleCount: 1, sum: value, minimum: value, maximum: value }],
  );
  return {
    apiVersion: MetricSeriesDefinition.apiVersion,
    kind: MetricSeriesDefinition.kind,
    metadata: { name, namespace: NAMESPACE, uid: `uid-${name}`, creationTimestamp: '2026-01-01T00:00:00Z', resourceVersion: '1' },
    spec: { namespace: 'App', metricName: 'Load', minutes, ...spec },
  };
}

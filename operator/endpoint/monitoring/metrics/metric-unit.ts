import type { StandardUnit } from '@aws-sdk/client-cloudwatch';
import type { MetricIdentity } from '../../../api/monitoring/metric.ts';
import { seriesOf } from '../../../metrics/custom-metrics.ts';
import { EC2_NAMESPACE, ec2Metrics } from '../../../metrics/ec2-metrics.ts';
import { GROUP_NAMESPACE, groupMetrics } from '../../../metrics/group-metrics.ts';
import type { ReadOnlyContext } from '../../operation.ts';

/** Unit of a metric; undefined if there is no such metric. */
export function unitOf(metric: MetricIdentity, { read, caller }: Pick<ReadOnlyContext, 'read' | 'caller'>): StandardUnit | undefined {
  if (metric.namespace === EC2_NAMESPACE) return (Object.hasOwn(ec2Metrics, metric.metricName) ? ec2Metrics[metric.metricName]?.unit : undefined) as StandardUnit | undefined;
  if (metric.namespace === GROUP_NAMESPACE) return Object.hasOwn(groupMetrics, metric.metricName) ? 'None' : undefined;
  const series = seriesOf(caller.namespace, metric, read);
  return series && ((series.spec.unit ?? 'None') as StandardUnit);
}

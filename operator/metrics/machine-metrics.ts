import { autoScalingGroupNameOf } from '../api/auto-scaling/auto-scaling-group.ts';
import { isMemberOf } from '../api/auto-scaling/auto-scaling-member.ts';
import { ec2IdOf } from '../api/ec2-id.ts';
import type { Dimension } from '../api/monitoring/metric.ts';
import type { Read } from '../kubernetes/read.ts';
import { AutoScalingGroup, Instance } from '../kubernetes/resources.ts';
import { ec2Metrics } from './ec2-metrics.ts';
import { UnsupportedMetric, percentileOf, type Datapoint, type MetricQuery } from './metrics-source.ts';
import type { Prometheus } from './prometheus.ts';

/** EC2's own metrics have a value a minute. */
const RESOLUTION_SECONDS = 60;
/** Machines of one query, so that its text stays bounded. */
const MACHINES_LIMIT = 2000;

/**
 * Datapoints of a metric of AWS/EC2: of one instance, of a group, of all instances of an image or a type, or of all of the account. What one instance was
 * measured at stays when it stops or ends, as on EC2: an alarm that ends its instance would otherwise lose its reason with the next look. Several together are
 * those that run now.
 * @throws UnsupportedMetric, MetricsUnavailable
 */
export async function machineDatapoints(namespace: string | undefined, query: MetricQuery, read: Read, prometheus: Prometheus, rateSeconds: number): Promise<Datapoint[]> {
  const metric = Object.hasOwn(ec2Metrics, query.metricName) ? ec2Metrics[query.metricName] : undefined;
  if (!metric) throw new UnsupportedMetric('UnknownMetric', `KubeVirt measures nothing that would be the metric ${query.metricName}; there are ${Object.keys(ec2Metrics).join(', ')}`);
  const machines = machinesOf(namespace, query.dimensions, read);
  if (machines.length === 0) return [];
  const selector = `namespace="${namespace ?? ''}",name=~"${machines.join('|')}"`;
  const expression = statisticOf(metric.expressionFor(selector, `${String(rateSeconds)}s`), query, machines.length);
  const period = query.periodSeconds * 1000;
  const datapoints = await prometheus.range(expression, query.from + period, query.to, query.periodSeconds);
  // Prometheus looks back from the end of a period, CloudWatch names it by its beginning.
  return datapoints.map(({ at, value }) => ({ at: at - period, value }));
}

/** Ids, which are the names of the machines, of the instances that the dimensions name. */
function machinesOf(namespace: string | undefined, dimensions: readonly Dimension[], read: Read): string[] {
  const [dimension, ...others] = dimensions;
  if (others.length > 0) return [];
  const matches = instancesMeant(namespace, dimension, read);
  const isWanted = (instance: Instance): boolean => dimension?.name === 'InstanceId' || instance.status?.state === 'running';
  const machines = read.list(Instance, namespace).filter((instance) => isWanted(instance) && matches(instance));
  return machines.map((instance) => ec2IdOf('i', instance)).sort().slice(0, MACHINES_LIMIT);
}

function instancesMeant(namespace: string | undefined, dimension: Dimension | undefined, read: Read): (instance: Instance) => boolean {
  if (dimension === undefined) return () => true;
  const { name, value } = dimension;
  if (name === 'InstanceId') return (instance) => ec2IdOf('i', instance) === value;
  if (name === 'ImageId') return (instance) => instance.spec.imageId === value;
  if (name === 'InstanceType') return (instance) => instance.spec.instanceType === value;
  const group = name === 'AutoScalingGroupName' ? read.list(AutoScalingGroup, namespace).find((candidate) => autoScalingGroupNameOf(candidate) === value) : undefined;
  return (instance) => group !== undefined && isMemberOf(group, instance);
}

/** A statistic over all values of all machines within each period. @throws UnsupportedMetric */
function statisticOf(perMachine: string, { stat, periodSeconds }: MetricQuery, machines: number): string {
  const values = `(${perMachine})[${String(periodSeconds)}s:${String(Math.min(RESOLUTION_SECONDS, periodSeconds))}s]`;
  switch (stat) {
    case 'Average':
      return `sum(sum_over_time(${values})) / sum(count_over_time(${values}))`;
    case 'Sum':
      return `sum(sum_over_time(${values}))`;
    case 'Minimum':
      return `min(min_over_time(${values}))`;
    case 'Maximum':
      return `max(max_over_time(${values}))`;
    case 'SampleCount':
      return `sum(count_over_time(${values}))`;
    default: {
      const percentile = percentileOf(stat);
      if (percentile === undefined) throw new UnsupportedMetric('UnsupportedStatistic', `The statistic ${stat} is not supported`);
      if (machines > 1) throw new UnsupportedMetric('UnsupportedStatistic', 'Percentiles of several machines together cannot be had from Prometheus; ask for one InstanceId');
      return `quantile_over_time(${String(percentile / 100)}, ${values})`;
    }
  }
}

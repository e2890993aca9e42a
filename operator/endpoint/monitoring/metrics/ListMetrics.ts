import type { ListMetricsInput, ListMetricsOutput } from '@aws-sdk/client-cloudwatch';
import { autoScalingGroupNameOf } from '../../../api/auto-scaling/auto-scaling-group.ts';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import { metricKeyOf, type Dimension, type MetricIdentity } from '../../../api/monitoring/metric.ts';
import { EC2_NAMESPACE, ec2Metrics } from '../../../metrics/ec2-metrics.ts';
import { collectedMetricsOf, GROUP_NAMESPACE } from '../../../metrics/group-metrics.ts';
import { AutoScalingGroup, Instance, MetricSeries } from '../../../kubernetes/resources.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { recordsPageOf } from '../pages.ts';

const PAGE_SIZE = 500;

/**
 * Lists the metrics that have values: custom ones, and those of running instances and groups where a Prometheus is configured.
 * @throws AwsError InvalidNextToken
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_ListMetrics.html
 */
export async function listMetrics(input: ListMetricsInput, context: ReadOnlyContext): Promise<ListMetricsOutput> {
  const { Namespace, MetricName, Dimensions = [] } = input;
  const known = [...customMetrics(context), ...groupMetricsOf(context), ...machineMetrics(context)].filter(
    ({ namespace, metricName, dimensions }) =>
      (Namespace === undefined || Namespace === namespace) &&
      (MetricName === undefined || MetricName === metricName) &&
      Dimensions.every(({ Name, Value }) => dimensions.some((one) => one.name === Name && (Value === undefined || Value === one.value))),
  );
  const { items, NextToken } = recordsPageOf('ListMetrics', known, { NextToken: input.NextToken }, PAGE_SIZE, context, metricKeyOf);
  return {
    Metrics: items.map(({ namespace, metricName, dimensions }) => ({ Namespace: namespace, MetricName: metricName, Dimensions: dimensions.map(({ name, value }) => ({ Name: name, Value: value })) })),
    ...(NextToken !== undefined && { NextToken }),
  };
}

function customMetrics({ read, caller }: ReadOnlyContext): MetricIdentity[] {
  return read.list(MetricSeries, caller.namespace).map(({ spec }) => ({ namespace: spec.namespace, metricName: spec.metricName, dimensions: spec.dimensions ?? [] }));
}

function groupMetricsOf({ read, caller }: ReadOnlyContext): MetricIdentity[] {
  return read.list(AutoScalingGroup, caller.namespace).flatMap((group) => {
    const dimensions = [{ name: 'AutoScalingGroupName', value: autoScalingGroupNameOf(group) }];
    return collectedMetricsOf(group).map((metricName) => ({ namespace: GROUP_NAMESPACE, metricName, dimensions }));
  });
}

function machineMetrics({ read, caller, metrics }: ReadOnlyContext): MetricIdentity[] {
  if (!metrics.hasMachineMetrics) return [];
  const running = read.list(Instance, caller.namespace).filter(({ status }) => status?.state === 'running');
  const owners: Dimension[] = [
    ...running.map((instance) => ({ name: 'InstanceId', value: ec2IdOf('i', instance) })),
    ...read.list(AutoScalingGroup, caller.namespace).map((group) => ({ name: 'AutoScalingGroupName', value: autoScalingGroupNameOf(group) })),
  ];
  return owners.flatMap((dimension) => Object.keys(ec2Metrics).map((metricName) => ({ namespace: EC2_NAMESPACE, metricName, dimensions: [dimension] })));
}

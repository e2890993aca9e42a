import type { DescribeMetricCollectionTypesAnswer } from '@aws-sdk/client-auto-scaling';
import { GROUP_METRICS } from '../../../api/auto-scaling/auto-scaling-group.ts';

/**
 * Lists the metrics of groups that can be collected.
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeMetricCollectionTypes.html
 */
export async function describeMetricCollectionTypes(): Promise<DescribeMetricCollectionTypesAnswer> {
  return { Metrics: GROUP_METRICS.map((Metric) => ({ Metric })), Granularities: [{ Granularity: '1Minute' }] };
}

import type { DescribeTrafficSourcesRequest, DescribeTrafficSourcesResponse } from '@aws-sdk/client-auto-scaling';
import type { ReadOnlyContext } from '../../operation.ts';
import { requireGroup } from '../groups/find-group.ts';
import { recordsPage } from '../record-pages.ts';
import { requireOneOf } from '../../model-constraints.ts';
import { sourceStateOf } from './source-state.ts';

const TYPES = ['elb', 'elbv2', 'vpc-lattice'] as const;

/**
 * Lists what traffic of a group comes from.
 * @throws AwsError ValidationError, InvalidNextToken
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeTrafficSources.html
 */
export async function describeTrafficSources(input: DescribeTrafficSourcesRequest, context: ReadOnlyContext): Promise<DescribeTrafficSourcesResponse> {
  const group = requireGroup(input.AutoScalingGroupName, context);
  const wanted = input.TrafficSourceType ? requireOneOf(input.TrafficSourceType, 'trafficSourceType', TYPES) : undefined;
  const state = sourceStateOf(group, context);
  const sources = [
    ...(group.spec.targetGroupARNs ?? []).map((Identifier) => ({ Identifier, TrafficSource: Identifier, Type: 'elbv2', State: state })),
    ...(group.spec.loadBalancerNames ?? []).map((Identifier) => ({ Identifier, TrafficSource: Identifier, Type: 'elb', State: 'Added' })),
  ].filter(({ Type }) => wanted === undefined || Type === wanted);
  const page = recordsPage(sources, input, 'DescribeTrafficSources', context, ({ Type, Identifier }) => `${Type}/${Identifier}`);
  return { TrafficSources: page.items, ...(page.NextToken !== undefined && { NextToken: page.NextToken }) };
}

import type { DescribeLoadBalancersRequest, DescribeLoadBalancersResponse } from '@aws-sdk/client-auto-scaling';
import type { ReadOnlyContext } from '../../operation.ts';
import { requireGroup } from '../groups/find-group.ts';
import { recordsPage } from '../record-pages.ts';

/**
 * Lists the Classic Load Balancers of a group: recorded ones, for there are none here.
 * @throws AwsError ValidationError, InvalidNextToken
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeLoadBalancers.html
 */
export async function describeLoadBalancers(input: DescribeLoadBalancersRequest, context: ReadOnlyContext): Promise<DescribeLoadBalancersResponse> {
  const { spec } = requireGroup(input.AutoScalingGroupName, context);
  const page = recordsPage(spec.loadBalancerNames ?? [], input, 'DescribeLoadBalancers', context, (name) => name, { maximum: 100, fallback: 100 });
  return { LoadBalancers: page.items.map((LoadBalancerName) => ({ LoadBalancerName, State: 'Added' })), ...(page.NextToken !== undefined && { NextToken: page.NextToken }) };
}

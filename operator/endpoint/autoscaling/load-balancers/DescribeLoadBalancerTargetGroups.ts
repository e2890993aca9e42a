import type { DescribeLoadBalancerTargetGroupsRequest, DescribeLoadBalancerTargetGroupsResponse } from '@aws-sdk/client-auto-scaling';
import type { ReadOnlyContext } from '../../operation.ts';
import { requireGroup } from '../groups/find-group.ts';
import { recordsPage } from '../record-pages.ts';
import { sourceStateOf } from './source-state.ts';

/**
 * Lists the target groups of a group.
 * @throws AwsError ValidationError, InvalidNextToken
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeLoadBalancerTargetGroups.html
 */
export async function describeLoadBalancerTargetGroups(input: DescribeLoadBalancerTargetGroupsRequest, context: ReadOnlyContext): Promise<DescribeLoadBalancerTargetGroupsResponse> {
  const group = requireGroup(input.AutoScalingGroupName, context);
  const page = recordsPage(group.spec.targetGroupARNs ?? [], input, 'DescribeLoadBalancerTargetGroups', context, (arn) => arn, { maximum: 100, fallback: 100 });
  const State = sourceStateOf(group, context);
  return { LoadBalancerTargetGroups: page.items.map((LoadBalancerTargetGroupARN) => ({ LoadBalancerTargetGroupARN, State })), ...(page.NextToken !== undefined && { NextToken: page.NextToken }) };
}

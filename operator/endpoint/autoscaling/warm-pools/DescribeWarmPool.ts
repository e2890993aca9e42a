import type { DescribeWarmPoolAnswer, DescribeWarmPoolType } from '@aws-sdk/client-auto-scaling';
import type { ReadOnlyContext } from '../../operation.ts';
import { membersOf, requireGroup } from '../groups/find-group.ts';
import { sdkInstanceFrom } from '../instances/sdk-instance.ts';
import { recordsPage } from '../record-pages.ts';
import { sdkWarmPoolFrom, warmMembersOf } from './sdk-warm-pool.ts';

/**
 * Shows the warm pool of a group and its instances. A group without one has no configuration to show.
 * @throws AwsError ValidationError, InvalidNextToken
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeWarmPool.html
 */
export async function describeWarmPool(input: DescribeWarmPoolType, context: ReadOnlyContext): Promise<DescribeWarmPoolAnswer> {
  const group = requireGroup(input.AutoScalingGroupName, context);
  const page = recordsPage(warmMembersOf(membersOf(group, context)), input, 'DescribeWarmPool', context, ({ metadata }) => metadata.name, { maximum: 50, fallback: 50 });
  return {
    ...(group.spec.warmPool && { WarmPoolConfiguration: sdkWarmPoolFrom(group.spec.warmPool) }),
    Instances: page.items.map((member) => sdkInstanceFrom(member, group, context)),
    ...(page.NextToken !== undefined && { NextToken: page.NextToken }),
  };
}

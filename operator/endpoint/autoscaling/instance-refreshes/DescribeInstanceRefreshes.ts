import type { DescribeInstanceRefreshesAnswer, DescribeInstanceRefreshesType } from '@aws-sdk/client-auto-scaling';
import type { ReadOnlyContext } from '../../operation.ts';
import { requireGroup } from '../groups/find-group.ts';
import { recordsPage } from '../record-pages.ts';
import { refreshesOf, sdkRefreshFrom } from './sdk-refresh.ts';

/** Beyond any time, so that the difference sorts the newest first. */
const LATEST = 9e15;

/**
 * Shows the instance refreshes of a group, newest first; the last twenty are remembered.
 * @throws AwsError ValidationError, InvalidNextToken
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeInstanceRefreshes.html
 */
export async function describeInstanceRefreshes(input: DescribeInstanceRefreshesType, context: ReadOnlyContext): Promise<DescribeInstanceRefreshesAnswer> {
  const group = requireGroup(input.AutoScalingGroupName, context);
  const ids = (input.InstanceRefreshIds ?? []).filter(Boolean);
  const wanted = refreshesOf(group).filter(({ id }) => ids.length === 0 || ids.includes(id));
  const keyOf = ({ startTime, id, status }: (typeof wanted)[number]): string => `${status === 'Pending' ? 0 : LATEST - Date.parse(startTime)}/${id}`;
  const page = recordsPage(wanted, input, 'DescribeInstanceRefreshes', context, keyOf);
  return { InstanceRefreshes: page.items.map((refresh) => sdkRefreshFrom(refresh, group, context)), ...(page.NextToken !== undefined && { NextToken: page.NextToken }) };
}

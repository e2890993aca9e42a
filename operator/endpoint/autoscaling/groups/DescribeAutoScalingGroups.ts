import type { AutoScalingGroupNamesType, AutoScalingGroupsType } from '@aws-sdk/client-auto-scaling';
import { autoScalingGroupNameOf } from '../../../api/auto-scaling/auto-scaling-group.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { matcherFrom } from '../filters.ts';
import { recordsPage } from '../record-pages.ts';
import { findGroup, groupsOf, membersOf } from './find-group.ts';
import { sdkGroupFrom } from './sdk-group.ts';

/**
 * Shows groups with their instances, by name. A name that no group has is no error.
 * @throws AwsError ValidationError, InvalidNextToken
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeAutoScalingGroups.html
 */
export async function describeAutoScalingGroups(input: AutoScalingGroupNamesType, context: ReadOnlyContext): Promise<AutoScalingGroupsType> {
  const names = (input.AutoScalingGroupNames ?? []).filter(Boolean);
  const matches = matcherFrom(input.Filters, {}, ({ spec }: ReturnType<typeof groupsOf>[number]) => spec.tags);
  const candidates = names.length > 0 ? [...new Set(names)].flatMap((name) => findGroup(name, context) ?? []) : groupsOf(context);
  const page = recordsPage(candidates.filter(matches), input, 'DescribeAutoScalingGroups', context, (group) => `${autoScalingGroupNameOf(group)}/${group.metadata.name}`);
  const withInstances = input.IncludeInstances ?? true;
  return {
    AutoScalingGroups: page.items.map((group) => sdkGroupFrom(group, membersOf(group, context), context, { withInstances })),
    ...(page.NextToken !== undefined && { NextToken: page.NextToken }),
  };
}

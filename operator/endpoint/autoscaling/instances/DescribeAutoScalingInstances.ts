import type { AutoScalingInstancesType, DescribeAutoScalingInstancesType } from '@aws-sdk/client-auto-scaling';
import type { Member } from '../../../api/auto-scaling/auto-scaling-member.ts';
import type { AutoScalingGroup } from '../../../kubernetes/resources.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { findMember, groupsOf, membersOf } from '../groups/find-group.ts';
import { recordsPage } from '../record-pages.ts';
import { sdkInstanceDetailsFrom } from './sdk-instance.ts';

/**
 * Shows instances of all groups, or those of the ids that are in one.
 * @throws AwsError ValidationError, InvalidNextToken
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeAutoScalingInstances.html
 */
export async function describeAutoScalingInstances(input: DescribeAutoScalingInstancesType, context: ReadOnlyContext): Promise<AutoScalingInstancesType> {
  const ids = [...new Set(input.InstanceIds)].filter(Boolean);
  const found: { member: Member; group: AutoScalingGroup }[] =
    ids.length > 0 ? ids.flatMap((id) => findMember(id, context) ?? []) : groupsOf(context).flatMap((group) => membersOf(group, context).map((member) => ({ member, group })));
  const present = found.filter(({ member }) => member.status?.state !== 'terminated');
  const page = recordsPage(present, input, 'DescribeAutoScalingInstances', context, ({ member }) => member.metadata.name);
  return {
    AutoScalingInstances: page.items.map(({ member, group }) => sdkInstanceDetailsFrom(member, group, context)),
    ...(page.NextToken !== undefined && { NextToken: page.NextToken }),
  };
}

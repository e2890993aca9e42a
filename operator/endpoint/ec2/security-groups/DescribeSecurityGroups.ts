import type { DescribeSecurityGroupsRequest, DescribeSecurityGroupsResult } from '@aws-sdk/client-ec2';
import type { SecurityGroup } from '../../../kubernetes/resources.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { predicateFrom } from '../filters.ts';
import { forbidPagesWithIds, pageOf, pageScopeOf } from '../pages.ts';
import { ageKeyOf, ownGroups, requireGroupOfName, requireGroupsOfIds } from './find-security-group.ts';
import { sdkGroupFrom } from './sdk-security-group.ts';
import { securityGroupFilters, type DescribedGroup } from './security-group-filters.ts';

/**
 * Lists security groups, oldest first.
 * @throws AwsError InvalidGroupId.Malformed, InvalidGroup.NotFound, InvalidParameterValue, InvalidParameterCombination, InvalidNextToken
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSecurityGroups.html
 */
export async function describeSecurityGroups(input: DescribeSecurityGroupsRequest, context: ReadOnlyContext): Promise<DescribeSecurityGroupsResult> {
  forbidPagesWithIds('groupIds', input.GroupIds, input);
  const matches = predicateFrom(input.Filters, securityGroupFilters, ({ group }: DescribedGroup) => group.spec.tags);
  const described = namedBy(input, context).map((group) => ({ group, sdk: sdkGroupFrom(group, context), read: context.read }));
  const scope = pageScopeOf('DescribeSecurityGroups', context);
  const page = pageOf(described.filter(matches), input, { minimum: 5, maximum: 1000 }, scope, ({ group }) => ageKeyOf(group));
  return { SecurityGroups: page.items.map(({ sdk }) => sdk), ...(page.NextToken !== undefined && { NextToken: page.NextToken }) };
}

function namedBy({ GroupIds = [], GroupNames = [] }: DescribeSecurityGroupsRequest, context: ReadOnlyContext): readonly SecurityGroup[] {
  if (GroupIds.length === 0 && GroupNames.length === 0) return ownGroups(context);
  const byId = requireGroupsOfIds(GroupIds, context);
  const byName = GroupNames.map((name) => requireGroupOfName(name, context));
  return [...new Set([...byId, ...byName])];
}

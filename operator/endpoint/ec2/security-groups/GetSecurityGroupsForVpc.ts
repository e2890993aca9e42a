import type { GetSecurityGroupsForVpcRequest, GetSecurityGroupsForVpcResult, SecurityGroupForVpc } from '@aws-sdk/client-ec2';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import { securityGroupNameOf } from '../../../api/network/security-group.ts';
import type { SecurityGroup } from '../../../kubernetes/resources.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { predicateFrom, type FilterTable } from '../filters.ts';
import { pageOf, pageScopeOf } from '../pages.ts';
import { sdkTagsFrom } from '../sdk-tags.ts';
import { requireVpc } from '../vpcs/find-vpc.ts';
import { ageKeyOf, ownGroups } from './find-security-group.ts';
import { vpcIdOfGroup } from './vpc-of-group.ts';

interface ListedGroup {
  group: SecurityGroup;
  sdk: SecurityGroupForVpc;
}

const filterTable: FilterTable<ListedGroup> = {
  description: ({ sdk }) => [sdk.Description],
  'group-id': ({ sdk }) => [sdk.GroupId],
  'group-name': ({ sdk }) => [sdk.GroupName],
  'owner-id': ({ sdk }) => [sdk.OwnerId],
  'primary-vpc-id': ({ sdk }) => [sdk.PrimaryVpcId],
};

/**
 * Lists the groups that interfaces in a VPC may be in.
 * @throws AwsError InvalidVpcID.Malformed, InvalidVpcID.NotFound, InvalidParameterValue, InvalidNextToken
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetSecurityGroupsForVpc.html
 */
export async function getSecurityGroupsForVpc(input: GetSecurityGroupsForVpcRequest, context: ReadOnlyContext): Promise<GetSecurityGroupsForVpcResult> {
  const vpcId = ec2IdOf('vpc', requireVpc(input.VpcId ?? '', context));
  const matches = predicateFrom(input.Filters, filterTable, ({ group }) => group.spec.tags);
  const listed = ownGroups(context)
    .filter((group) => vpcIdOfGroup(group, context.read) === vpcId)
    .map((group) => ({
      group,
      sdk: {
        Description: group.spec.description,
        GroupName: securityGroupNameOf(group),
        OwnerId: context.caller.accountId,
        GroupId: ec2IdOf('sg', group),
        Tags: sdkTagsFrom(group.spec.tags),
        PrimaryVpcId: vpcId,
      },
    }));
  const scope = pageScopeOf('GetSecurityGroupsForVpc', context);
  const page = pageOf(listed.filter(matches), input, { minimum: 5, maximum: 1000 }, scope, ({ group }) => ageKeyOf(group));
  return { SecurityGroupForVpcs: page.items.map(({ sdk }) => sdk), ...(page.NextToken !== undefined && { NextToken: page.NextToken }) };
}

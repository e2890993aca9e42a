import type { DescribeStaleSecurityGroupsRequest, DescribeStaleSecurityGroupsResult, StaleIpPermission, StaleSecurityGroup } from '@aws-sdk/client-ec2';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import type { Direction } from '../../../api/network/security-group-rule.ts';
import { securityGroupNameOf } from '../../../api/network/security-group.ts';
import type { SecurityGroup } from '../../../kubernetes/resources.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { pageOf, pageScopeOf } from '../pages.ts';
import { requireVpc } from '../vpcs/find-vpc.ts';
import { ageKeyOf, ownGroups } from './find-security-group.ts';
import { permissionsFrom, rulesOf } from './group-rules.ts';
import { referencedGroupOf } from './rule-references.ts';
import { vpcIdOfGroup } from './vpc-of-group.ts';

/**
 * Lists groups of a VPC with rules about groups that are gone.
 * @throws AwsError InvalidVpcID.Malformed, InvalidVpcID.NotFound, InvalidParameterValue, InvalidNextToken
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeStaleSecurityGroups.html
 */
export async function describeStaleSecurityGroups(input: DescribeStaleSecurityGroupsRequest, context: ReadOnlyContext): Promise<DescribeStaleSecurityGroupsResult> {
  const vpcId = ec2IdOf('vpc', requireVpc(input.VpcId ?? '', context));
  const groups = ownGroups(context).filter((group) => vpcIdOfGroup(group, context.read) === vpcId);
  const stale = groups.flatMap((group) => {
    const [StaleIpPermissions, StaleIpPermissionsEgress] = [stalePermissions(group, 'ingress', context), stalePermissions(group, 'egress', context)];
    if (StaleIpPermissions.length + StaleIpPermissionsEgress.length === 0) return [];
    const sdk: StaleSecurityGroup = {
      Description: group.spec.description,
      GroupId: ec2IdOf('sg', group),
      GroupName: securityGroupNameOf(group),
      VpcId: vpcId,
      StaleIpPermissions,
      StaleIpPermissionsEgress,
    };
    return [{ group, sdk }];
  });
  const scope = pageScopeOf('DescribeStaleSecurityGroups', context);
  const page = pageOf(stale, input, { minimum: 5, maximum: 255 }, scope, ({ group }) => ageKeyOf(group));
  return { StaleSecurityGroupSet: page.items.map(({ sdk }) => sdk), ...(page.NextToken !== undefined && { NextToken: page.NextToken }) };
}

function stalePermissions(group: SecurityGroup, direction: Direction, { read }: ReadOnlyContext): StaleIpPermission[] {
  const stale = rulesOf(group, [direction]).filter(({ rule }) => rule.referencedGroup && !referencedGroupOf(rule.referencedGroup, group, read));
  return permissionsFrom(stale, read).map(({ IpProtocol, FromPort, ToPort, UserIdGroupPairs = [] }) => ({
    IpProtocol,
    ...(FromPort !== undefined && { FromPort }),
    ...(ToPort !== undefined && { ToPort }),
    IpRanges: [],
    PrefixListIds: [],
    UserIdGroupPairs,
  }));
}

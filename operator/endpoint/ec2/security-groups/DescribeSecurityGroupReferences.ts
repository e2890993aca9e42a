import type { DescribeSecurityGroupReferencesRequest, DescribeSecurityGroupReferencesResult } from '@aws-sdk/client-ec2';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import { missingParameter } from '../../errors.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { requireGroupsOfIds } from './find-security-group.ts';
import { referrersOf } from './group-users.ts';
import { vpcIdOfGroup } from './vpc-of-group.ts';

/**
 * Tells which other VPCs have groups with rules about these groups.
 * @throws AwsError MissingParameter, InvalidGroupId.Malformed, InvalidGroup.NotFound
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSecurityGroupReferences.html
 */
export async function describeSecurityGroupReferences(
  { GroupId }: DescribeSecurityGroupReferencesRequest,
  context: ReadOnlyContext,
): Promise<DescribeSecurityGroupReferencesResult> {
  if (!GroupId || GroupId.length === 0) throw missingParameter('GroupId');
  const { read } = context;
  const references = requireGroupsOfIds(GroupId, context).flatMap((group) => {
    const own = vpcIdOfGroup(group, read);
    const vpcs = new Set(referrersOf(group, read).flatMap((other) => vpcIdOfGroup(other, read) ?? []));
    return [...vpcs].filter((vpcId) => vpcId !== own).map((vpcId) => ({ GroupId: ec2IdOf('sg', group), ReferencingVpcId: vpcId }));
  });
  return { SecurityGroupReferenceSet: references };
}

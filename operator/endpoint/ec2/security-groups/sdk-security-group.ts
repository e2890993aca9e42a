import type { SecurityGroup as SdkGroup } from '@aws-sdk/client-ec2';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import { securityGroupNameOf } from '../../../api/network/security-group.ts';
import type { SecurityGroup } from '../../../kubernetes/resources.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { sdkTagsFrom } from '../sdk-tags.ts';
import { permissionsFrom, rulesOf } from './group-rules.ts';
import { vpcIdOfGroup } from './vpc-of-group.ts';

/** A security group in the API's shape. @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_SecurityGroup.html */
export function sdkGroupFrom(group: SecurityGroup, { read, caller, region }: Pick<ReadOnlyContext, 'read' | 'caller' | 'region'>): SdkGroup {
  const groupId = ec2IdOf('sg', group);
  const vpcId = vpcIdOfGroup(group, read);
  return {
    GroupId: groupId,
    GroupName: securityGroupNameOf(group),
    Description: group.spec.description,
    OwnerId: caller.accountId,
    ...(vpcId !== undefined && { VpcId: vpcId }),
    SecurityGroupArn: securityGroupArnOf(groupId, { caller, region }),
    IpPermissions: permissionsFrom(rulesOf(group, ['ingress']), read),
    IpPermissionsEgress: permissionsFrom(rulesOf(group, ['egress']), read),
    Tags: sdkTagsFrom(group.spec.tags),
  };
}

/** ARN of a group of the caller. */
export function securityGroupArnOf(groupId: string, { caller, region }: Pick<ReadOnlyContext, 'caller' | 'region'>): string {
  return `arn:aws:ec2:${region}:${caller.accountId}:security-group/${groupId}`;
}

import { randomBytes } from 'node:crypto';
import type { CreateSecurityGroupRequest, CreateSecurityGroupResult } from '@aws-sdk/client-ec2';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import { SecurityGroupDefinition } from '../../../api/network/security-group.ts';
import { SecurityGroup } from '../../../kubernetes/resources.ts';
import { AwsError, invalidParameterValue, missingParameter } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { inTurn } from '../in-turn.ts';
import { sdkTagsFrom } from '../sdk-tags.ts';
import { tagsFromSpecifications } from '../tag-specifications.ts';
import { requireDefaultVpc, requireVpc } from '../vpcs/find-vpc.ts';
import { groupOfName, ownGroups } from './find-security-group.ts';
import { securityGroupArnOf } from './sdk-security-group.ts';

const TEXT_LIMIT = 255;
/** EC2's own, of a region. */
const GROUPS_LIMIT = 2500;

/**
 * Makes a group in a VPC: nothing comes in, and everything goes out until the rule that says so is taken away.
 * @throws AwsError MissingParameter, InvalidParameterValue, InvalidGroup.Duplicate, SecurityGroupLimitExceeded, VPCIdNotSpecified, InvalidVpcID.*
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html
 */
export async function createSecurityGroup(input: CreateSecurityGroupRequest, context: OperationContext): Promise<CreateSecurityGroupResult> {
  const groupName = nameFrom(input.GroupName);
  const description = descriptionFrom(input.Description);
  const tags = tagsFromSpecifications(input.TagSpecifications, 'security-group');
  const vpc = input.VpcId ? requireVpc(input.VpcId, context) : requireDefaultVpc(context);
  const vpcId = ec2IdOf('vpc', vpc);
  const { caller, write } = context;
  const groupId = `sg-${randomBytes(9).toString('hex').slice(0, 17)}`;
  // Two calls with one name take turns, so that the second sees the first one's group.
  await inTurn(`security-group-name/${caller.namespace}/${vpcId}/${groupName}`, async () => {
    if (groupOfName(groupName, vpcId, context)) throw new AwsError('InvalidGroup.Duplicate', `The security group '${groupName}' already exists for VPC '${vpcId}'`);
    if (ownGroups(context).length >= GROUPS_LIMIT) {
      throw new AwsError('SecurityGroupLimitExceeded', `You have reached the limit of ${GROUPS_LIMIT} security groups.`);
    }
    const { apiVersion, kind } = SecurityGroupDefinition;
    const spec = SecurityGroupDefinition.spec.parse({ groupName, description, vpcId, ...(tags.length > 0 && { tags }) });
    await write.create(SecurityGroup, { apiVersion, kind, metadata: { name: groupId, namespace: caller.namespace }, spec });
  });
  return { GroupId: groupId, Tags: sdkTagsFrom(tags), SecurityGroupArn: securityGroupArnOf(groupId, context) };
}

function nameFrom(name: string | undefined): string {
  if (!name) throw missingParameter('GroupName');
  if (name.startsWith('sg-')) throw invalidParameterValue('GroupName', name.slice(0, 32), 'Group names may not be in the format sg-*');
  if (name === 'default') throw new AwsError('InvalidParameterValue', 'Cannot use reserved security group name: default');
  requireText('GroupName', name);
  return name;
}

function descriptionFrom(description: string | undefined): string {
  if (!description) throw missingParameter('GroupDescription');
  requireText('GroupDescription', description);
  return description;
}

function requireText(parameter: string, text: string): void {
  if (text.length > TEXT_LIMIT) throw invalidParameterValue(parameter, text.slice(0, 32), `Length exceeds maximum of ${TEXT_LIMIT}.`);
  if (!/^[\x20-\x7e]*$/.test(text)) throw invalidParameterValue(parameter, text, 'Character sets beyond ASCII are not supported.');
}

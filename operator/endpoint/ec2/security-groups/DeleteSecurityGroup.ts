import type { DeleteSecurityGroupRequest, DeleteSecurityGroupResult } from '@aws-sdk/client-ec2';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import { securityGroupNameOf } from '../../../api/network/security-group.ts';
import { isNotFound } from '../../../kubernetes/errors.ts';
import { SecurityGroup } from '../../../kubernetes/resources.ts';
import { AwsError } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { isDefaultGroup, requireGroup } from './find-security-group.ts';
import { isInUse, referrersOf } from './group-users.ts';

/**
 * Removes a group that no instance or network interface is in, and that no rule of another group is about.
 * @throws AwsError MissingParameter, InvalidGroupId.Malformed, InvalidGroup.NotFound, CannotDelete, DependencyViolation
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteSecurityGroup.html
 */
export async function deleteSecurityGroup(input: DeleteSecurityGroupRequest, context: OperationContext): Promise<DeleteSecurityGroupResult> {
  const group = requireGroup(input, context);
  const groupId = ec2IdOf('sg', group);
  if (isDefaultGroup(group)) {
    throw new AwsError('CannotDelete', `the specified group: "${groupId}" name: "${securityGroupNameOf(group)}" cannot be deleted by a user`);
  }
  if (isInUse(group, context.read) || referrersOf(group, context.read).length > 0) {
    throw new AwsError('DependencyViolation', `resource ${groupId} has a dependent object`);
  }
  const { namespace, name, uid } = group.metadata;
  await context.write.remove(SecurityGroup, { namespace, name }, uid === undefined ? {} : { uid }).catch((error: unknown) => {
    if (!isNotFound(error)) throw error; // already gone is what we want
  });
  return { Return: true, GroupId: groupId };
}

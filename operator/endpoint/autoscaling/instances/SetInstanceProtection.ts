import type { SetInstanceProtectionAnswer, SetInstanceProtectionQuery } from '@aws-sdk/client-auto-scaling';
import { isLeaving } from '../../../api/auto-scaling/auto-scaling-member.ts';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import { allBounded } from '../../../kubernetes/bounded.ts';
import type { OperationContext } from '../../operation.ts';
import { requireGroup, requireMembers } from '../groups/find-group.ts';
import { validationError } from '../../model-constraints.ts';
import { changeMember } from './change-member.ts';

/** EC2's limit. */
const IDS_LIMIT = 50;
const CONCURRENCY = 16;

/**
 * Protects instances from scale-in, or takes the protection away.
 * @throws AwsError ValidationError
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_SetInstanceProtection.html
 */
export async function setInstanceProtection(input: SetInstanceProtectionQuery, context: OperationContext): Promise<SetInstanceProtectionAnswer> {
  const { InstanceIds = [], ProtectedFromScaleIn: isProtected = false } = input;
  if (InstanceIds.length > IDS_LIMIT) throw validationError(`At most ${IDS_LIMIT} instances may be specified.`);
  const group = requireGroup(input.AutoScalingGroupName, context);
  const members = requireMembers(InstanceIds, group, context);
  const leaving = members.find(isLeaving);
  if (leaving) throw validationError(`The instance ${ec2IdOf('i', leaving)} is not in InService or EnteringStandby or Standby.`);
  await allBounded(members, CONCURRENCY, (member) =>
    changeMember(member, (membership) => ((membership.protectedFromScaleIn ?? false) === isProtected ? undefined : { protectedFromScaleIn: isProtected || null }), context.write),
  );
  return {};
}

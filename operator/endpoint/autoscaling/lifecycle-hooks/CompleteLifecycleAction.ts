import type { CompleteLifecycleActionType } from '@aws-sdk/client-auto-scaling';
import type { OperationContext } from '../../operation.ts';
import { requireGroup } from '../groups/find-group.ts';
import { changeMember } from '../instances/change-member.ts';
import { requireOneOf } from '../../model-constraints.ts';
import { isNamedBy, requireHeldMember, withResult } from './open-actions.ts';

/**
 * Ends the wait of an instance for a lifecycle hook.
 * @throws AwsError ValidationError
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CompleteLifecycleAction.html
 */
export async function completeLifecycleAction(input: CompleteLifecycleActionType, context: OperationContext): Promise<object> {
  const group = requireGroup(input.AutoScalingGroupName, context);
  const result = requireOneOf(input.LifecycleActionResult, 'lifecycleActionResult', ['CONTINUE', 'ABANDON']);
  const member = requireHeldMember(input, group, context);
  await changeMember(member, (membership) => withResult(membership, isNamedBy(input), () => result), context.write);
  return {};
}

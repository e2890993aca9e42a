import type { DeleteWarmPoolType } from '@aws-sdk/client-auto-scaling';
import { isEnding } from '../../../api/auto-scaling/auto-scaling-member.ts';
import { AwsError } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { changeGroup } from '../groups/change-group.ts';
import { membersOf, requireGroup } from '../groups/find-group.ts';
import { validationError } from '../../model-constraints.ts';
import { warmMembersOf } from './sdk-warm-pool.ts';

/**
 * Takes the warm pool of a group away, with force together with its instances.
 * @throws AwsError ValidationError, ResourceInUse
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DeleteWarmPool.html
 */
export async function deleteWarmPool({ AutoScalingGroupName, ForceDelete = false }: DeleteWarmPoolType, context: OperationContext): Promise<object> {
  const group = requireGroup(AutoScalingGroupName, context);
  if (!group.spec.warmPool) throw validationError(`No warm pool found for Auto Scaling group ${AutoScalingGroupName ?? ''}`);
  const waiting = warmMembersOf(membersOf(group, context)).filter((member) => !isEnding(member));
  if (waiting.length > 0 && !ForceDelete) throw new AwsError('ResourceInUse', 'You cannot delete a warm pool while there are instances in it. Use ForceDelete.');
  await changeGroup(group, () => ({ warmPool: null }), context.write);
  return {};
}

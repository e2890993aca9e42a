import type { DeleteLifecycleHookType } from '@aws-sdk/client-auto-scaling';
import { isEnding } from '../../../api/auto-scaling/auto-scaling-member.ts';
import type { OperationContext } from '../../operation.ts';
import { changeGroup } from '../groups/change-group.ts';
import { membersOf, requireGroup } from '../groups/find-group.ts';
import { changeMember } from '../instances/change-member.ts';
import { validationError } from '../../model-constraints.ts';
import { withResult } from './open-actions.ts';

/**
 * Removes a lifecycle hook from a group. Terminations that it holds up go on, and launches are given up.
 * @throws AwsError ValidationError
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DeleteLifecycleHook.html
 */
export async function deleteLifecycleHook({ AutoScalingGroupName, LifecycleHookName = '' }: DeleteLifecycleHookType, context: OperationContext): Promise<object> {
  const group = requireGroup(AutoScalingGroupName, context);
  await changeGroup(
    group,
    ({ spec }) => {
      const hooks = spec.lifecycleHooks ?? [];
      const rest = hooks.filter(({ lifecycleHookName }) => lifecycleHookName !== LifecycleHookName);
      if (rest.length === hooks.length) throw validationError(`No Lifecycle Hook found for Auto Scaling group ${AutoScalingGroupName ?? ''} with name ${LifecycleHookName}`);
      return { lifecycleHooks: rest.length > 0 ? rest : null };
    },
    context.write,
  );
  for (const member of membersOf(group, context)) {
    if (isEnding(member)) continue;
    await changeMember(member, (membership) => withResult(membership, (action) => action.lifecycleHookName === LifecycleHookName, (action) => (action.lifecycleTransition.endsWith('LAUNCHING') ? 'ABANDON' : 'CONTINUE')), context.write);
  }
  return {};
}

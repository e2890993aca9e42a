import type { PutLifecycleHookType } from '@aws-sdk/client-auto-scaling';
import { AwsError } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { changeGroup } from '../groups/change-group.ts';
import { requireGroup } from '../groups/find-group.ts';
import { HOOKS_LIMIT, hookFrom } from './hook-parameters.ts';

/**
 * Adds a lifecycle hook to a group or changes one; instances that are held up already keep what they began with.
 * @throws AwsError ValidationError, LimitExceeded
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PutLifecycleHook.html
 */
export async function putLifecycleHook(input: PutLifecycleHookType, context: OperationContext): Promise<object> {
  const group = requireGroup(input.AutoScalingGroupName, context);
  await changeGroup(
    group,
    ({ spec }) => {
      const hooks = spec.lifecycleHooks ?? [];
      const before = hooks.find(({ lifecycleHookName }) => lifecycleHookName === input.LifecycleHookName);
      const hook = hookFrom(input, before);
      const others = hooks.filter((other) => other !== before);
      if (others.length >= HOOKS_LIMIT) throw new AwsError('LimitExceeded', `A group may have at most ${HOOKS_LIMIT} lifecycle hooks.`);
      return { lifecycleHooks: [...others, hook] };
    },
    context.write,
  );
  return {};
}

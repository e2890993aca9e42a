import type { DescribeLifecycleHooksAnswer, DescribeLifecycleHooksType } from '@aws-sdk/client-auto-scaling';
import { autoScalingGroupNameOf } from '../../../api/auto-scaling/auto-scaling-group.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { requireGroup } from '../groups/find-group.ts';
import { sdkHookFrom } from './hook-parameters.ts';

/**
 * Lists the lifecycle hooks of a group, or those of the names that are there.
 * @throws AwsError ValidationError
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeLifecycleHooks.html
 */
export async function describeLifecycleHooks({ AutoScalingGroupName, LifecycleHookNames = [] }: DescribeLifecycleHooksType, context: ReadOnlyContext): Promise<DescribeLifecycleHooksAnswer> {
  const group = requireGroup(AutoScalingGroupName, context);
  const hooks = (group.spec.lifecycleHooks ?? []).filter(({ lifecycleHookName }) => LifecycleHookNames.length === 0 || LifecycleHookNames.includes(lifecycleHookName));
  return { LifecycleHooks: hooks.map((hook) => sdkHookFrom(hook, autoScalingGroupNameOf(group))) };
}

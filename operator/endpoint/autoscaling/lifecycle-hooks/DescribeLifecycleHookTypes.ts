import type { DescribeLifecycleHookTypesAnswer } from '@aws-sdk/client-auto-scaling';
import { LIFECYCLE_TRANSITIONS } from '../../../api/auto-scaling/auto-scaling-lifecycle-hook.ts';

/**
 * Lists the transitions that hooks can hold up.
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeLifecycleHookTypes.html
 */
export async function describeLifecycleHookTypes(): Promise<DescribeLifecycleHookTypesAnswer> {
  return { LifecycleHookTypes: [...LIFECYCLE_TRANSITIONS] };
}

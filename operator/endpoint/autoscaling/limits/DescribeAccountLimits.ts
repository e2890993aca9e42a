import type { DescribeAccountLimitsAnswer } from '@aws-sdk/client-auto-scaling';
import { LaunchConfiguration } from '../../../kubernetes/resources.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { groupsOf } from '../groups/find-group.ts';

/** Auto Scaling's own defaults: nothing here is limited before. */
const GROUPS_LIMIT = 500;
const CONFIGURATIONS_LIMIT = 200;

/**
 * Tells how many groups and launch configurations there are, and Auto Scaling's own limits, which are not enforced here.
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeAccountLimits.html
 */
export async function describeAccountLimits(_input: object, context: ReadOnlyContext): Promise<DescribeAccountLimitsAnswer> {
  return {
    MaxNumberOfAutoScalingGroups: GROUPS_LIMIT,
    MaxNumberOfLaunchConfigurations: CONFIGURATIONS_LIMIT,
    NumberOfAutoScalingGroups: groupsOf(context).length,
    NumberOfLaunchConfigurations: context.read.list(LaunchConfiguration, context.caller.namespace).length,
  };
}

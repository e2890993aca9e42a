import type { DetachLoadBalancerTargetGroupsType, DetachLoadBalancerTargetGroupsResultType } from '@aws-sdk/client-auto-scaling';
import type { OperationContext } from '../../operation.ts';
import { changeGroup } from '../groups/change-group.ts';
import { requireGroup } from '../groups/find-group.ts';
import { trafficFieldsWithout } from './traffic-sources.ts';

/**
 * Takes target groups away from a group.
 * @throws AwsError ValidationError
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DetachLoadBalancerTargetGroups.html
 */
export async function detachLoadBalancerTargetGroups({ AutoScalingGroupName, TargetGroupARNs }: DetachLoadBalancerTargetGroupsType, context: OperationContext): Promise<DetachLoadBalancerTargetGroupsResultType> {
  const group = requireGroup(AutoScalingGroupName, context);
  await changeGroup(group, (current) => trafficFieldsWithout({ TargetGroupARNs }, current), context.write);
  return {};
}

import type { DetachLoadBalancersType, DetachLoadBalancersResultType } from '@aws-sdk/client-auto-scaling';
import type { OperationContext } from '../../operation.ts';
import { changeGroup } from '../groups/change-group.ts';
import { requireGroup } from '../groups/find-group.ts';
import { trafficFieldsWithout } from './traffic-sources.ts';

/**
 * Takes Classic Load Balancers away from a group.
 * @throws AwsError ValidationError
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DetachLoadBalancers.html
 */
export async function detachLoadBalancers({ AutoScalingGroupName, LoadBalancerNames }: DetachLoadBalancersType, context: OperationContext): Promise<DetachLoadBalancersResultType> {
  const group = requireGroup(AutoScalingGroupName, context);
  await changeGroup(group, (current) => trafficFieldsWithout({ LoadBalancerNames }, current), context.write);
  return {};
}

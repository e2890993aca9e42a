import type { AttachLoadBalancersType, AttachLoadBalancersResultType } from '@aws-sdk/client-auto-scaling';
import type { OperationContext } from '../../operation.ts';
import { changeGroup } from '../groups/change-group.ts';
import { requireGroup } from '../groups/find-group.ts';
import { trafficFieldsFrom } from './traffic-sources.ts';

/**
 * Records Classic Load Balancers of a group; there are none here that instances could be registered with.
 * @throws AwsError ValidationError
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_AttachLoadBalancers.html
 */
export async function attachLoadBalancers({ AutoScalingGroupName, LoadBalancerNames }: AttachLoadBalancersType, context: OperationContext): Promise<AttachLoadBalancersResultType> {
  const group = requireGroup(AutoScalingGroupName, context);
  await changeGroup(group, (current) => trafficFieldsFrom({ LoadBalancerNames }, current), context.write);
  return {};
}

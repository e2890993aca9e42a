import type { AttachLoadBalancerTargetGroupsType, AttachLoadBalancerTargetGroupsResultType } from '@aws-sdk/client-auto-scaling';
import type { OperationContext } from '../../operation.ts';
import { changeGroup } from '../groups/change-group.ts';
import { requireGroup } from '../groups/find-group.ts';
import { trafficFieldsFrom } from './traffic-sources.ts';

/**
 * Adds target groups that instances in service are registered with.
 * @throws AwsError ValidationError
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_AttachLoadBalancerTargetGroups.html
 */
export async function attachLoadBalancerTargetGroups({ AutoScalingGroupName, TargetGroupARNs }: AttachLoadBalancerTargetGroupsType, context: OperationContext): Promise<AttachLoadBalancerTargetGroupsResultType> {
  const group = requireGroup(AutoScalingGroupName, context);
  await changeGroup(group, (current) => trafficFieldsFrom({ TargetGroupARNs }, current), context.write);
  return {};
}

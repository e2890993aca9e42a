import type { DetachTrafficSourcesType, DetachTrafficSourcesResultType } from '@aws-sdk/client-auto-scaling';
import type { OperationContext } from '../../operation.ts';
import { changeGroup } from '../groups/change-group.ts';
import { requireGroup } from '../groups/find-group.ts';
import { trafficFieldsWithout } from './traffic-sources.ts';

/**
 * Takes traffic sources away from a group.
 * @throws AwsError ValidationError
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DetachTrafficSources.html
 */
export async function detachTrafficSources({ AutoScalingGroupName, TrafficSources }: DetachTrafficSourcesType, context: OperationContext): Promise<DetachTrafficSourcesResultType> {
  const group = requireGroup(AutoScalingGroupName, context);
  await changeGroup(group, (current) => trafficFieldsWithout({ TrafficSources }, current), context.write);
  return {};
}

import type { AttachTrafficSourcesType, AttachTrafficSourcesResultType } from '@aws-sdk/client-auto-scaling';
import type { OperationContext } from '../../operation.ts';
import { changeGroup } from '../groups/change-group.ts';
import { requireGroup } from '../groups/find-group.ts';
import { trafficFieldsFrom } from './traffic-sources.ts';

/**
 * Adds traffic sources that instances in service are registered with.
 * @throws AwsError ValidationError
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_AttachTrafficSources.html
 */
export async function attachTrafficSources({ AutoScalingGroupName, TrafficSources }: AttachTrafficSourcesType, context: OperationContext): Promise<AttachTrafficSourcesResultType> {
  const group = requireGroup(AutoScalingGroupName, context);
  await changeGroup(group, (current) => trafficFieldsFrom({ TrafficSources }, current), context.write);
  return {};
}

import type { DetachInstancesAnswer, DetachInstancesQuery } from '@aws-sdk/client-auto-scaling';
import type { OperationContext } from '../../operation.ts';
import { sdkActivityFrom } from '../activities/sdk-activity.ts';
import { requireGroup, requireMembers } from '../groups/find-group.ts';
import { requestInstances } from './request-instances.ts';

/**
 * Takes instances out of a group; they go on by themselves.
 * @throws AwsError ValidationError
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DetachInstances.html
 */
export async function detachInstances(input: DetachInstancesQuery, context: OperationContext): Promise<DetachInstancesAnswer> {
  const group = requireGroup(input.AutoScalingGroupName, context);
  const members = requireMembers(input.InstanceIds ?? [], group, context);
  if (members.length === 0) return { Activities: [] };
  const wanted = { action: 'detach', direction: input.ShouldDecrementDesiredCapacity ? -1 : 0, verb: 'detach', done: 'detached', description: 'Detaching EC2 instance' } as const;
  const { activities } = await requestInstances(members, group, wanted, context);
  return { Activities: activities.map((activity) => sdkActivityFrom(activity, group, context)) };
}

import type { ActivityType, TerminateInstanceInAutoScalingGroupType } from '@aws-sdk/client-auto-scaling';
import { desiredCapacityOf } from '../../../api/auto-scaling/auto-scaling-group.ts';
import { isLeaving } from '../../../api/auto-scaling/auto-scaling-member.ts';
import type { OperationContext } from '../../operation.ts';
import { sdkActivityFrom } from '../activities/sdk-activity.ts';
import { findMember } from '../groups/find-group.ts';
import { validationError } from '../../model-constraints.ts';
import { noManagedInstance } from './change-member.ts';
import { requestInstances } from './request-instances.ts';

/**
 * Ends an instance of a group, with a replacement or with less capacity.
 * @throws AwsError ValidationError
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_TerminateInstanceInAutoScalingGroup.html
 */
export async function terminateInstanceInAutoScalingGroup(
  { InstanceId, InstanceIds, ShouldDecrementDesiredCapacity: isLess }: TerminateInstanceInAutoScalingGroupType,
  context: OperationContext,
): Promise<ActivityType> {
  const ids = [...new Set([...(InstanceId ? [InstanceId] : []), ...(InstanceIds ?? [])])];
  if (ids.length === 0) throw validationError('InstanceId must be specified.');
  const found = ids.map((id) => {
    const managed = findMember(id, context);
    if (managed === undefined || managed.member.status?.state === 'terminated') throw noManagedInstance(id);
    return managed;
  });
  const group = found[0]?.group;
  if (group === undefined || found.some((managed) => managed.group.metadata.uid !== group.metadata.uid)) throw validationError('The instances must belong to one Auto Scaling group.');
  const { minSize } = group.spec;
  if (isLess && desiredCapacityOf(group) - found.length < minSize) {
    throw validationError(
      `Currently, desired size equals min size (${minSize}). Terminating instance without replacement will violate group's min size constraint. Either set shouldDecrementDesiredCapacity flag to false or lower group's min size.`,
    );
  }
  // One that is leaving already takes its capacity along only once.
  const isGone = found.every(({ member }) => isLeaving(member));
  const wanted = { action: 'terminate', direction: isLess && !isGone ? -1 : 0, verb: 'terminate', done: 'taken out of service', description: 'Terminating EC2 instance' } as const;
  const { activities } = await requestInstances(found.map(({ member }) => member), group, wanted, context);
  const shown = activities.map((activity) => sdkActivityFrom(activity, group, context));
  return { ...(shown[0] && { Activity: shown[0] }), ...(ids.length > 1 && { Activities: shown }) };
}

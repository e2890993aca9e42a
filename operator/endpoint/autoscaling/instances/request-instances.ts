import { autoScalingGroupNameOf, desiredCapacityOf, type InstanceRequest } from '../../../api/auto-scaling/auto-scaling-group.ts';
import { weightOf, type Member } from '../../../api/auto-scaling/auto-scaling-member.ts';
import { activityIdOfRequest } from '../../../api/auto-scaling/auto-scaling-activities.ts';
import type { Activity } from '../../../api/auto-scaling/auto-scaling-activity.ts';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import type { AutoScalingGroup, Instance } from '../../../kubernetes/resources.ts';
import type { OperationContext } from '../../operation.ts';
import { timestampOf } from '../groups/capacity-change.ts';
import { changeGroup } from '../groups/change-group.ts';
import { validationError } from '../../model-constraints.ts';

/** What is to be done with instances of a group. */
export interface RequestedAction {
  action: InstanceRequest['action'];
  /** What becomes of the desired capacity: -1 for each unit less, 1 for each more, 0 for none. */
  direction: -1 | 0 | 1;
  /** How the refusal calls it: `To detach 1 instance, please update ...`. */
  verb: string;
  /** `At <time> instance <id> was ... in response to a user request`, the capacity is added. */
  done: string;
  description: string;
}

/**
 * Asks the group to do something with instances, and changes the desired capacity in the same write: whoever looks sees both or neither. Answers with
 * the activities that this becomes.
 * @throws AwsError ValidationError - the desired capacity would leave its limits
 */
export async function requestInstances(instances: readonly Instance[], group: AutoScalingGroup, wanted: RequestedAction, context: OperationContext): Promise<{ group: AutoScalingGroup; activities: Activity[] }> {
  const now = timestampOf(context);
  const units = instances.reduce((sum, instance) => sum + (instance.spec.autoScaling === undefined ? 1 : weightOf(instance as Member)), 0);
  let requests: InstanceRequest[] = [];
  const changed = await changeGroup(
    group,
    (current) => {
      const before = desiredCapacityOf(current);
      const after = before + wanted.direction * units;
      if (wanted.direction !== 0 && (after < current.spec.minSize || after > current.spec.maxSize)) throw sizesForbid(current, wanted.verb, instances.length);
      const capacity = wanted.direction === 0 ? '' : `, ${wanted.direction < 0 ? 'shrinking' : 'increasing'} the capacity from ${before} to ${after}`;
      requests = instances.map((instance) => ({
        instanceId: ec2IdOf('i', instance),
        action: wanted.action,
        requestedAt: now,
        cause: `At ${now} instance ${ec2IdOf('i', instance)} was ${wanted.done} in response to a user request${capacity}.`,
      }));
      return { instanceRequests: [...(current.spec.instanceRequests ?? []), ...requests], ...(after !== before && { desiredCapacity: after }) };
    },
    context.write,
  );
  const activities = instances.map(
    (instance, position): Activity => ({
      activityId: activityIdOfRequest(wanted.action, instance, now),
      description: `${wanted.description}: ${ec2IdOf('i', instance)}`,
      cause: requests[position]?.cause ?? '',
      startTime: now,
      statusCode: 'InProgress',
      progress: wanted.action === 'terminate' ? 0 : 50,
      ...(instance.status?.availabilityZone !== undefined && { availabilityZone: instance.status.availabilityZone }),
    }),
  );
  return { group: changed, activities };
}

function sizesForbid(group: AutoScalingGroup, verb: string, count: number): Error {
  const { minSize, maxSize } = group.spec;
  return validationError(
    `AutoScalingGroup ${autoScalingGroupNameOf(group)} has min-size=${minSize}, max-size=${maxSize}, and desired-size=${desiredCapacityOf(group)}. To ${verb} ${count} instance${count === 1 ? '' : 's'}, please update the AutoScalingGroup sizes appropriately.`,
  );
}

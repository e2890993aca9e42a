import type { AttachInstancesQuery } from '@aws-sdk/client-auto-scaling';
import { autoScalingGroupNameOf } from '../../../api/auto-scaling/auto-scaling-group.ts';
import { isEnding, type Member } from '../../../api/auto-scaling/auto-scaling-member.ts';
import { requireInstances } from '../../ec2/instances/find-instances.ts';
import type { OperationContext } from '../../operation.ts';
import { groupOfMember, requireGroup } from '../groups/find-group.ts';
import { zonesOfGroup } from '../groups/group-zones.ts';
import { validationError } from '../../model-constraints.ts';
import { validated } from '../validation.ts';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import { requestInstances } from './request-instances.ts';

/**
 * Makes running instances members of a group; the desired capacity grows by them.
 * @throws AwsError ValidationError
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_AttachInstances.html
 */
export async function attachInstances(input: AttachInstancesQuery, context: OperationContext): Promise<void> {
  const group = requireGroup(input.AutoScalingGroupName, context);
  const instances = validated(() => requireInstances([...new Set(input.InstanceIds)], context));
  const zones = zonesOfGroup(group, context);
  for (const instance of instances) {
    const id = ec2IdOf('i', instance);
    const other = instance.spec.autoScaling === undefined ? undefined : groupOfMember(instance as Member, context);
    if (other !== undefined) throw validationError(`Instance ${id} is already part of AutoScalingGroup:${autoScalingGroupNameOf(other)}`);
    if (isEnding(instance) || instance.status?.state !== 'running') throw validationError(`Instance ${id} is not in correct state. Instance(s) must be in 'running' state.`);
    const zone = instance.status.availabilityZone ?? '';
    if (!zones.includes(zone)) throw validationError(`The instance ${id} is in the availability zone ${zone}, which is not one of the group.`);
  }
  if (instances.length === 0) return;
  const wanted = { action: 'attach', direction: 1, verb: 'attach', done: 'attached', description: 'Attaching an existing EC2 instance' } as const;
  await requestInstances(instances, group, wanted, context);
}

import type { DeleteAutoScalingGroupType } from '@aws-sdk/client-auto-scaling';
import { isNotFound } from '../../../kubernetes/errors.ts';
import { AutoScalingGroup } from '../../../kubernetes/resources.ts';
import { AwsError } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { membersOf, requireGroup } from './find-group.ts';

/**
 * Removes a group without instances, or with force one together with its instances.
 * @throws AwsError ValidationError, ResourceInUse, ScalingActivityInProgress
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DeleteAutoScalingGroup.html
 */
export async function deleteAutoScalingGroup({ AutoScalingGroupName, ForceDelete = false }: DeleteAutoScalingGroupType, context: OperationContext): Promise<void> {
  const group = requireGroup(AutoScalingGroupName, context);
  const { deletionProtection } = group.spec;
  if (deletionProtection === 'prevent-all-deletion' || (deletionProtection === 'prevent-force-deletion' && ForceDelete)) {
    throw new AwsError('ResourceInUse', `The Auto Scaling group is protected from deletion (${deletionProtection}). Change its deletion protection and try again.`);
  }
  const members = membersOf(group, context).filter(({ status }) => status?.state !== 'terminated');
  if (!ForceDelete && members.length > 0) {
    // Ending ones are only a matter of time: clients try again.
    const isEnding = members.every(({ spec }) => spec.powerState === 'terminated');
    if (isEnding) throw new AwsError('ScalingActivityInProgress', 'You cannot delete an AutoScalingGroup while there are scaling activities in progress for that group.');
    throw new AwsError('ResourceInUse', 'You cannot delete an AutoScalingGroup while there are instances or pending Spot instance request(s) still in the group.');
  }
  const { namespace, name, uid } = group.metadata;
  await context.write.remove(AutoScalingGroup, { namespace, name }, uid === undefined ? {} : { uid }).catch((error: unknown) => {
    if (!isNotFound(error)) throw error; // already gone is what was asked for
  });
}

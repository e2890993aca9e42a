import type { SetDesiredCapacityType } from '@aws-sdk/client-auto-scaling';
import { desiredCapacityOf } from '../../../api/auto-scaling/auto-scaling-group.ts';
import type { OperationContext } from '../../operation.ts';
import { validationError } from '../../model-constraints.ts';
import { capacityChangeFor } from './capacity-change.ts';
import { changeGroup } from './change-group.ts';
import { requireNoCooldown } from './cooldown.ts';
import { membersOf, requireGroup } from './find-group.ts';

/**
 * Says how much capacity there should be.
 * @throws AwsError ValidationError, ScalingActivityInProgress
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_SetDesiredCapacity.html
 */
export async function setDesiredCapacity({ AutoScalingGroupName, DesiredCapacity = 0, HonorCooldown = false }: SetDesiredCapacityType, context: OperationContext): Promise<void> {
  const group = requireGroup(AutoScalingGroupName, context);
  if (HonorCooldown) requireNoCooldown(group, membersOf(group, context), context.clock);
  await changeGroup(
    group,
    (current) => {
      const { minSize, maxSize } = current.spec;
      if (DesiredCapacity > maxSize) throw validationError(`New SetDesiredCapacity value ${DesiredCapacity} is above max value ${maxSize} for the AutoScalingGroup.`);
      if (DesiredCapacity < minSize) throw validationError(`New SetDesiredCapacity value ${DesiredCapacity} is below min value ${minSize} for the AutoScalingGroup.`);
      const before = desiredCapacityOf(current);
      if (before === DesiredCapacity && current.spec.desiredCapacity === DesiredCapacity) return undefined;
      const cause = `a user request explicitly set group desired capacity changing the desired capacity from ${before} to ${DesiredCapacity}.`;
      return { desiredCapacity: DesiredCapacity, ...capacityChangeFor(cause, context) };
    },
    context.write,
  );
}

import type { UpdateAutoScalingGroupType } from '@aws-sdk/client-auto-scaling';
import { desiredCapacityOf } from '../../../api/auto-scaling/auto-scaling-group.ts';
import type { AutoScalingGroup } from '../../../kubernetes/resources.ts';
import type { OperationContext } from '../../operation.ts';
import { capacityChangeFor } from './capacity-change.ts';
import { changeGroup, type SpecChange } from './change-group.ts';
import { requireGroup } from './find-group.ts';
import { fieldsFrom, requireFittingSizes } from './group-parameters.ts';

/**
 * Changes a group. A desired capacity that lies beyond new limits moves to them, unless the request names one.
 * @throws AwsError ValidationError
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_UpdateAutoScalingGroup.html
 */
export async function updateAutoScalingGroup(input: UpdateAutoScalingGroupType, context: OperationContext): Promise<void> {
  const group = requireGroup(input.AutoScalingGroupName, context);
  const fields = fieldsFrom(input, context);
  await changeGroup(group, (current) => changeFor(current, input, fields, context), context.write);
}

function changeFor(group: AutoScalingGroup, { DesiredCapacity }: UpdateAutoScalingGroupType, fields: SpecChange, context: OperationContext): SpecChange {
  const minSize = fields.minSize ?? group.spec.minSize;
  const maxSize = fields.maxSize ?? group.spec.maxSize;
  requireFittingSizes({ minSize, maxSize }, DesiredCapacity);
  const before = desiredCapacityOf(group);
  const desiredCapacity = DesiredCapacity ?? Math.max(minSize, Math.min(maxSize, before));
  const isSame = minSize === group.spec.minSize && maxSize === group.spec.maxSize && desiredCapacity === before;
  if (isSame) return { ...fields, ...(group.spec.desiredCapacity !== desiredCapacity && { desiredCapacity }) };
  const cause = `a user request update of AutoScalingGroup constraints to min: ${minSize}, max: ${maxSize}, desired: ${desiredCapacity} changing the desired capacity from ${before} to ${desiredCapacity}.`;
  return { ...fields, desiredCapacity, ...capacityChangeFor(cause, context) };
}

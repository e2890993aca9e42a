import type { BatchDeleteScheduledActionAnswer, BatchDeleteScheduledActionType } from '@aws-sdk/client-auto-scaling';
import type { OperationContext } from '../../operation.ts';
import { requireGroup } from '../groups/find-group.ts';
import { failuresOf } from './failures-of.ts';
import { removeAction } from './remove-action.ts';

/**
 * Removes up to 50 scheduled actions of a group; those that are not there are told one by one.
 * @throws AwsError ValidationError
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_BatchDeleteScheduledAction.html
 */
export async function batchDeleteScheduledAction({ AutoScalingGroupName, ScheduledActionNames = [] }: BatchDeleteScheduledActionType, context: OperationContext): Promise<BatchDeleteScheduledActionAnswer> {
  const group = requireGroup(AutoScalingGroupName, context);
  return { FailedScheduledActions: await failuresOf(ScheduledActionNames, (name) => name, async (name) => removeAction(group, name, context)) };
}

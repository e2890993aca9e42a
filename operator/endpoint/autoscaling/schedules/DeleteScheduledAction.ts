import type { DeleteScheduledActionType } from '@aws-sdk/client-auto-scaling';
import type { OperationContext } from '../../operation.ts';
import { requireGroup } from '../groups/find-group.ts';
import { removeAction } from './remove-action.ts';

/**
 * Removes a scheduled action.
 * @throws AwsError ValidationError
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DeleteScheduledAction.html
 */
export async function deleteScheduledAction({ AutoScalingGroupName, ScheduledActionName }: DeleteScheduledActionType, context: OperationContext): Promise<void> {
  await removeAction(requireGroup(AutoScalingGroupName, context), ScheduledActionName, context);
}

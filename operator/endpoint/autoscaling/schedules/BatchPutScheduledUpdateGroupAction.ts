import type { BatchPutScheduledUpdateGroupActionAnswer, BatchPutScheduledUpdateGroupActionType } from '@aws-sdk/client-auto-scaling';
import type { OperationContext } from '../../operation.ts';
import { requireGroup } from '../groups/find-group.ts';
import { failuresOf } from './failures-of.ts';
import { putAction } from './put-action.ts';

/**
 * Makes or changes up to 50 scheduled actions of a group; those that cannot be are told one by one.
 * @throws AwsError ValidationError
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_BatchPutScheduledUpdateGroupAction.html
 */
export async function batchPutScheduledUpdateGroupAction(
  { AutoScalingGroupName, ScheduledUpdateGroupActions = [] }: BatchPutScheduledUpdateGroupActionType,
  context: OperationContext,
): Promise<BatchPutScheduledUpdateGroupActionAnswer> {
  const group = requireGroup(AutoScalingGroupName, context);
  const failures = await failuresOf(ScheduledUpdateGroupActions, ({ ScheduledActionName }) => ScheduledActionName, async (action) => putAction(group, action, context));
  return { FailedScheduledUpdateGroupActions: failures };
}

import type { PutScheduledUpdateGroupActionType } from '@aws-sdk/client-auto-scaling';
import type { OperationContext } from '../../operation.ts';
import { requireGroup } from '../groups/find-group.ts';
import { putAction } from './put-action.ts';

/**
 * Makes a scheduled action of a group, or gives the one of this name another schedule.
 * @throws AwsError ValidationError, LimitExceeded
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PutScheduledUpdateGroupAction.html
 */
export async function putScheduledUpdateGroupAction(input: PutScheduledUpdateGroupActionType, context: OperationContext): Promise<void> {
  await putAction(requireGroup(input.AutoScalingGroupName, context), input, context);
}

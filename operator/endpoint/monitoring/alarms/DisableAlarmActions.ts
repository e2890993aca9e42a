import type { DisableAlarmActionsInput } from '@aws-sdk/client-cloudwatch';
import type { OperationContext } from '../../operation.ts';
import { switchActions } from './switch-actions.ts';

/**
 * Switches the actions of alarms off. Names that no alarm has are passed over, as CloudWatch does.
 * @throws AwsError ValidationError
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DisableAlarmActions.html
 */
export async function disableAlarmActions({ AlarmNames = [] }: DisableAlarmActionsInput, context: OperationContext): Promise<void> {
  await switchActions(AlarmNames, false, context);
}

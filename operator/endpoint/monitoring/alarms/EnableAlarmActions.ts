import type { EnableAlarmActionsInput } from '@aws-sdk/client-cloudwatch';
import type { OperationContext } from '../../operation.ts';
import { switchActions } from './switch-actions.ts';

/**
 * Switches the actions of alarms on. Names that no alarm has are passed over, as CloudWatch does.
 * @throws AwsError ValidationError
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_EnableAlarmActions.html
 */
export async function enableAlarmActions({ AlarmNames = [] }: EnableAlarmActionsInput, context: OperationContext): Promise<void> {
  await switchActions(AlarmNames, true, context);
}

import type { SetAlarmStateInput } from '@aws-sdk/client-cloudwatch';
import { ALARM_STATES } from '../../../api/monitoring/metric-alarm.ts';
import { AwsError } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { validationError } from '../errors.ts';
import { changeAlarm } from './find-alarms.ts';

/**
 * Sets the state of an alarm until its next evaluation, with all that follows from it.
 * @throws AwsError ResourceNotFound, ValidationError, InvalidFormat
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_SetAlarmState.html
 */
export async function setAlarmState({ AlarmName = '', StateValue, StateReason = '', StateReasonData }: SetAlarmStateInput, context: OperationContext): Promise<void> {
  const state = ALARM_STATES.find((one) => one === StateValue);
  if (!state) throw validationError(`1 validation error detected: Value '${String(StateValue)}' at 'stateValue' failed to satisfy constraint: Member must satisfy enum value set: [INSUFFICIENT_DATA, ALARM, OK]`);
  if (StateReason.length > 1023) throw validationError('StateReason must have up to 1023 characters.');
  if (StateReasonData !== undefined && !isJson(StateReasonData)) throw new AwsError('InvalidFormat', 'StateReasonData is not valid JSON of up to 4000 characters.');
  const requestedState = { state, reason: StateReason, ...(StateReasonData !== undefined && { reasonData: StateReasonData }), at: new Date(context.clock.now()).toISOString() };
  await changeAlarm(AlarmName, () => ({ requestedState }), context);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return text.length <= 4000;
  } catch {
    return false;
  }
}

import type { DescribeAlarmsInput, DescribeAlarmsOutput } from '@aws-sdk/client-cloudwatch';
import { alarmNameOf } from '../../../api/monitoring/metric-alarm.ts';
import { MetricAlarm } from '../../../kubernetes/resources.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { invalidCombination, validationError } from '../errors.ts';
import { recordsPageOf } from '../pages.ts';
import { sdkAlarmFrom } from './sdk-alarm.ts';

const PAGE_LIMIT = 100;

/**
 * Lists alarms by name, prefix, state or action. There are no composite and no log alarms.
 * @throws AwsError ValidationError, InvalidParameterCombination, InvalidNextToken
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
 */
export async function describeAlarms(input: DescribeAlarmsInput, context: ReadOnlyContext): Promise<DescribeAlarmsOutput> {
  const { AlarmNames, AlarmNamePrefix, AlarmTypes, StateValue, ActionPrefix, ChildrenOfAlarmName, ParentsOfAlarmName } = input;
  if (AlarmNames && AlarmNames.length > 0 && AlarmNamePrefix !== undefined) throw invalidCombination('AlarmNames and AlarmNamePrefix are mutually exclusive.');
  if (ChildrenOfAlarmName !== undefined || ParentsOfAlarmName !== undefined) throw validationError('Composite alarms are not supported.');
  if (AlarmNames && AlarmNames.length > PAGE_LIMIT) throw validationError(`The collection AlarmNames must not have a size greater than ${String(PAGE_LIMIT)}.`);
  const isAsked = AlarmTypes === undefined || AlarmTypes.length === 0 || AlarmTypes.includes('MetricAlarm');
  const names = AlarmNames && AlarmNames.length > 0 ? new Set(AlarmNames) : undefined;
  const alarms = (isAsked ? context.read.list(MetricAlarm, context.caller.namespace) : [])
    .filter((alarm) => (names?.has(alarmNameOf(alarm)) ?? true) && alarmNameOf(alarm).startsWith(AlarmNamePrefix ?? ''))
    .map((alarm) => sdkAlarmFrom(alarm, context))
    .filter((alarm) => StateValue === undefined || alarm.StateValue === StateValue)
    .filter((alarm) => ActionPrefix === undefined || [...(alarm.AlarmActions ?? []), ...(alarm.OKActions ?? []), ...(alarm.InsufficientDataActions ?? [])].some((action) => action.startsWith(ActionPrefix)));
  const { items, NextToken } = recordsPageOf('DescribeAlarms', alarms, input, PAGE_LIMIT, context, ({ AlarmName = '' }) => AlarmName);
  return { MetricAlarms: items, CompositeAlarms: [], ...(NextToken !== undefined && { NextToken }) };
}

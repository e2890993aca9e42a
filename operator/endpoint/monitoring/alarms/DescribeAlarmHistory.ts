import type { AlarmHistoryItem, DescribeAlarmHistoryInput, DescribeAlarmHistoryOutput } from '@aws-sdk/client-cloudwatch';
import { alarmNameOf } from '../../../api/monitoring/metric-alarm.ts';
import { MetricAlarm } from '../../../kubernetes/resources.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { recordsPageOf } from '../pages.ts';

const PAGE_LIMIT = 100;

/**
 * Lists changes of state, of which each alarm remembers the last 50. Changes of settings and actions are not recorded.
 * @throws AwsError ValidationError, InvalidNextToken
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarmHistory.html
 */
export async function describeAlarmHistory(input: DescribeAlarmHistoryInput, context: ReadOnlyContext): Promise<DescribeAlarmHistoryOutput> {
  const { AlarmName, AlarmTypes, HistoryItemType, StartDate, EndDate, ScanBy } = input;
  const isAsked = (HistoryItemType === undefined || HistoryItemType === 'StateUpdate') && (AlarmTypes === undefined || AlarmTypes.length === 0 || AlarmTypes.includes('MetricAlarm'));
  const alarms = isAsked ? context.read.list(MetricAlarm, context.caller.namespace).filter((alarm) => AlarmName === undefined || alarmNameOf(alarm) === AlarmName) : [];
  const items = alarms.flatMap(historyOf).filter(({ Timestamp }) => (StartDate === undefined || (Timestamp ?? StartDate) >= StartDate) && (EndDate === undefined || (Timestamp ?? EndDate) <= EndDate));
  const isAscending = ScanBy === 'TimestampAscending';
  const keyOf = ({ Timestamp, AlarmName: name = '' }: AlarmHistoryItem): string => {
    const time = Timestamp?.getTime() ?? 0;
    return `${String(isAscending ? time : 9e15 - time).padStart(16, '0')}/${name}`;
  };
  const { items: page, NextToken } = recordsPageOf('DescribeAlarmHistory', items, input, PAGE_LIMIT, context, keyOf);
  return { AlarmHistoryItems: page, ...(NextToken !== undefined && { NextToken }) };
}

function historyOf(alarm: MetricAlarm): AlarmHistoryItem[] {
  return (alarm.status?.history ?? []).map(({ at, oldState, newState, reason }) => ({
    AlarmName: alarmNameOf(alarm),
    AlarmType: 'MetricAlarm',
    Timestamp: new Date(at),
    HistoryItemType: 'StateUpdate',
    HistorySummary: `Alarm updated from ${oldState} to ${newState}`,
    HistoryData: JSON.stringify({ version: '1.0', oldState: { stateValue: oldState }, newState: { stateValue: newState, stateReason: reason } }),
  }));
}

import { MetricAlarm, MetricSeries } from '../../kubernetes/resources.ts';
import type { Access, OperationTable } from '../operation.ts';
import { deleteAlarms } from './alarms/DeleteAlarms.ts';
import { describeAlarmHistory } from './alarms/DescribeAlarmHistory.ts';
import { describeAlarms } from './alarms/DescribeAlarms.ts';
import { describeAlarmsForMetric } from './alarms/DescribeAlarmsForMetric.ts';
import { disableAlarmActions } from './alarms/DisableAlarmActions.ts';
import { enableAlarmActions } from './alarms/EnableAlarmActions.ts';
import { putMetricAlarm } from './alarms/PutMetricAlarm.ts';
import { setAlarmState } from './alarms/SetAlarmState.ts';
import { getMetricData } from './metrics/GetMetricData.ts';
import { getMetricStatistics } from './metrics/GetMetricStatistics.ts';
import { listMetrics } from './metrics/ListMetrics.ts';
import { putMetricData } from './metrics/PutMetricData.ts';
import { listTagsForResource } from './tags/ListTagsForResource.ts';
import { tagResource } from './tags/TagResource.ts';
import { untagResource } from './tags/UntagResource.ts';

const alarm = (...verbs: Access['verb'][]): Access[] => verbs.map((verb) => ({ verb, resource: MetricAlarm }));
const series = (...verbs: Access['verb'][]): Access[] => verbs.map((verb) => ({ verb, resource: MetricSeries }));

/** Every CloudWatch action that is implemented. Sorted by name. */
export const monitoringOperations = {
  DeleteAlarms: { run: deleteAlarms, access: alarm('delete') },
  DescribeAlarmHistory: { run: describeAlarmHistory, access: alarm('list') },
  DescribeAlarms: { run: describeAlarms, access: alarm('list') },
  DescribeAlarmsForMetric: { run: describeAlarmsForMetric, access: alarm('list') },
  DisableAlarmActions: { run: disableAlarmActions, access: alarm('get', 'patch') },
  EnableAlarmActions: { run: enableAlarmActions, access: alarm('get', 'patch') },
  GetMetricData: { run: getMetricData, access: series('list') },
  GetMetricStatistics: { run: getMetricStatistics, access: series('list') },
  ListMetrics: { run: listMetrics, access: series('list') },
  ListTagsForResource: { run: listTagsForResource, access: alarm('get') },
  PutMetricAlarm: { run: putMetricAlarm, access: alarm('get', 'create', 'patch') },
  PutMetricData: { run: putMetricData, access: series('get', 'create', 'patch') },
  SetAlarmState: { run: setAlarmState, access: alarm('get', 'patch') },
  TagResource: { run: tagResource, access: alarm('get', 'patch') },
  UntagResource: { run: untagResource, access: alarm('get', 'patch') },
} satisfies OperationTable;

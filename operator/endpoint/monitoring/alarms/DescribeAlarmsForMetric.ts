import type { DescribeAlarmsForMetricInput, DescribeAlarmsForMetricOutput } from '@aws-sdk/client-cloudwatch';
import { metricKeyOf } from '../../../api/monitoring/metric.ts';
import { MetricAlarm } from '../../../kubernetes/resources.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { metricFrom } from '../metrics/statistics-query.ts';
import { sdkAlarmFrom } from './sdk-alarm.ts';

/**
 * Lists the alarms of one metric. Those on metric math are not among them, as on AWS.
 * @throws AwsError InvalidParameterValue
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarmsForMetric.html
 */
export async function describeAlarmsForMetric(input: DescribeAlarmsForMetricInput, context: ReadOnlyContext): Promise<DescribeAlarmsForMetricOutput> {
  const { Statistic, ExtendedStatistic, Period, Unit } = input;
  const wanted = metricKeyOf(metricFrom(input, 'the request'));
  const alarms = context.read
    .list(MetricAlarm, context.caller.namespace)
    .filter(({ spec: { namespace, metricName, dimensions = [] } }) => namespace !== undefined && metricName !== undefined && metricKeyOf({ namespace, metricName, dimensions }) === wanted)
    .filter(({ spec }) => (Statistic === undefined || Statistic === spec.statistic) && (ExtendedStatistic === undefined || ExtendedStatistic === spec.extendedStatistic))
    .filter(({ spec }) => (Period === undefined || Period === spec.period) && (Unit === undefined || Unit === spec.unit))
    .map((alarm) => sdkAlarmFrom(alarm, context));
  return { MetricAlarms: alarms.sort((left, right) => ((left.AlarmName ?? '') < (right.AlarmName ?? '') ? -1 : 1)) };
}

import { alarmPeriodOf, datapointsToAlarmOf, type AlarmState, type MetricAlarm } from '../api/monitoring/metric-alarm.ts';
import { mathDatapoints } from './metric-math.ts';
import type { Datapoint, MetricsSource } from './metrics-source.ts';

/** Periods beyond those of the alarm that are looked at where data are missing, as CloudWatch does. */
const FURTHER_PERIODS = 2;

/** What an evaluation comes to; `state` undefined: it stays as it is. */
export interface Verdict {
  state: AlarmState | undefined;
  reason: string;
  reasonData: string;
}

/** What an alarm looks at: the last periods that are over. @throws UnsupportedMetric, MetricsUnavailable */
export async function alarmDatapoints(alarm: MetricAlarm, source: MetricsSource, now: number): Promise<Datapoint[]> {
  const { metadata, spec } = alarm;
  const periodSeconds = alarmPeriodOf(alarm);
  const period = periodSeconds * 1000;
  const to = Math.floor(now / period) * period;
  const from = to - (spec.evaluationPeriods + FURTHER_PERIODS) * period;
  if (spec.metrics !== undefined) return mathDatapoints(metadata.namespace, spec.metrics, { from, to }, source);
  const { namespace = '', metricName = '', dimensions = [], extendedStatistic, statistic = 'Average' } = spec;
  return source.datapoints(metadata.namespace, { namespace, metricName, dimensions, stat: extendedStatistic ?? statistic, periodSeconds, from, to });
}

/** The datapoints that count: the newest, as many as the alarm looks at. */
export function recentDatapoints({ spec }: MetricAlarm, datapoints: readonly Datapoint[]): Datapoint[] {
  return datapoints.toSorted((left, right) => left.at - right.at).slice(-spec.evaluationPeriods);
}

/**
 * Judges an alarm by the datapoints of its evaluation range. Where data are missing, older ones of the range are taken, and only what is still missing
 * counts as the alarm says.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html#alarms-and-missing-data
 */
export function evaluateAlarm(alarm: MetricAlarm, datapoints: readonly Datapoint[], now: number): Verdict {
  const { spec } = alarm;
  const recent = recentDatapoints(alarm, datapoints);
  const breaching = recent.filter(({ value }) => isBeyond(spec, value)).length;
  const state = stateOf(alarm, recent.length, breaching);
  return { state, reason: reasonOf(alarm, recent, breaching, state), reasonData: reasonDataOf(alarm, recent, now) };
}

function stateOf(alarm: MetricAlarm, present: number, breaching: number): AlarmState | undefined {
  const { evaluationPeriods, treatMissingData } = alarm.spec;
  const needed = datapointsToAlarmOf(alarm);
  const missing = evaluationPeriods - present;
  if (breaching >= needed) return 'ALARM';
  if (missing === 0) return 'OK';
  if (treatMissingData === 'breaching') return breaching + missing >= needed ? 'ALARM' : 'OK';
  if (treatMissingData === 'notBreaching') return 'OK';
  if (present === 0) return treatMissingData === 'ignore' ? undefined : 'INSUFFICIENT_DATA';
  if (breaching < Math.min(needed, present)) return 'OK';
  return treatMissingData === 'ignore' ? undefined : 'ALARM';
}

function isBeyond({ comparisonOperator, threshold }: MetricAlarm['spec'], value: number): boolean {
  switch (comparisonOperator) {
    case 'GreaterThanOrEqualToThreshold':
      return value >= threshold;
    case 'GreaterThanThreshold':
      return value > threshold;
    case 'LessThanThreshold':
      return value < threshold;
    case 'LessThanOrEqualToThreshold':
      return value <= threshold;
    default:
      return comparisonOperator satisfies never;
  }
}

const comparisons: Readonly<Record<MetricAlarm['spec']['comparisonOperator'], string>> = {
  GreaterThanOrEqualToThreshold: 'greater than or equal to',
  GreaterThanThreshold: 'greater than',
  LessThanThreshold: 'less than',
  LessThanOrEqualToThreshold: 'less than or equal to',
};

/** In CloudWatch's own words, which people search their mail for. */
function reasonOf(alarm: MetricAlarm, recent: readonly Datapoint[], breaching: number, state: AlarmState | undefined): string {
  const { evaluationPeriods, treatMissingData, comparisonOperator, threshold } = alarm.spec;
  if (recent.length === 0) {
    const treated = treatMissingData === 'breaching' ? 'Breaching' : treatMissingData === 'notBreaching' ? 'NonBreaching' : 'Missing';
    return `Threshold Crossed: no datapoints were received for ${String(evaluationPeriods)} period${evaluationPeriods === 1 ? '' : 's'} and ${String(evaluationPeriods)} missing datapoint${evaluationPeriods === 1 ? ' was' : 's were'} treated as [${treated}].`;
  }
  const shown = recent.slice(-5).toReversed().map(({ at, value }) => `${String(value)} (${timeOf(at)})`);
  const counted = state === 'ALARM' ? breaching : recent.length - breaching;
  const verb = counted === 1 ? 'was' : 'were';
  const needed = datapointsToAlarmOf(alarm);
  const change = state === 'ALARM' ? 'OK -> ALARM' : 'ALARM -> OK';
  return (
    `Threshold Crossed: ${String(counted)} out of the last ${String(recent.length)} datapoints [${shown.join(', ')}] ${verb} ${state === 'ALARM' ? '' : 'not '}` +
    `${comparisons[comparisonOperator]} the threshold (${String(threshold)}) (minimum ${String(state === 'ALARM' ? needed : evaluationPeriods - needed + 1)} datapoint${needed === 1 ? '' : 's'} for ${change} transition).`
  ).slice(0, 1023);
}

function timeOf(at: number): string {
  const [date = '', time = ''] = new Date(at).toISOString().split('T');
  const [year = '', month = '', day = ''] = date.split('-');
  return `${day}/${month}/${year.slice(2)} ${time.slice(0, 8)}`;
}

function reasonDataOf(alarm: MetricAlarm, recent: readonly Datapoint[], now: number): string {
  return JSON.stringify({
    version: '1.0',
    queryDate: new Date(now).toISOString(),
    statistic: alarm.spec.statistic,
    extendedStatistic: alarm.spec.extendedStatistic,
    period: alarmPeriodOf(alarm),
    recentDatapoints: recent.slice(-10).map(({ value }) => value),
    threshold: alarm.spec.threshold,
  });
}

import type { Metric, PutMetricAlarmInput } from '@aws-sdk/client-cloudwatch';
import { COMPARISON_OPERATORS, MISSING_DATA_TREATMENTS, type MetricAlarmSpec } from '../../../api/monitoring/metric-alarm.ts';
import { STATISTICS } from '../../../api/monitoring/metric.ts';
import { periodOfQueries } from '../../../api/monitoring/metric-data-query.ts';
import { percentileOf } from '../../../metrics/metrics-source.ts';
import { metricQueriesFrom } from '../metrics/metric-queries.ts';
import { dimensionsFrom } from '../metrics/metric-values.ts';
import { invalidCombination, validationError } from '../errors.ts';

const ACTIONS_LIMIT = 5;

/** What PutMetricAlarm asks for, checked. @throws AwsError ValidationError, InvalidParameterCombination, InvalidParameterValue */
export function requestedAlarmFrom(input: PutMetricAlarmInput): Omit<MetricAlarmSpec, 'tags' | 'requestedState' | 'alarmName'> {
  const metric = requestedMetricFrom(input);
  const { EvaluationPeriods, DatapointsToAlarm, Threshold, ComparisonOperator, TreatMissingData = 'missing', EvaluateLowSampleCountPercentile } = input;
  const comparisonOperator = oneOf(COMPARISON_OPERATORS, ComparisonOperator, 'comparisonOperator', 'alarms on anomalies are not supported');
  if (input.ThresholdMetricId !== undefined) throw validationError('Alarms on anomalies are not supported.');
  if (Threshold === undefined) throw validationError('The parameter Threshold is required.');
  const evaluationPeriods = wholeNumber(EvaluationPeriods, 'EvaluationPeriods');
  const datapointsToAlarm = DatapointsToAlarm === undefined ? undefined : wholeNumber(DatapointsToAlarm, 'DatapointsToAlarm');
  if (datapointsToAlarm !== undefined && datapointsToAlarm > evaluationPeriods) throw validationError('DatapointsToAlarm must be less than or equal to EvaluationPeriods.');
  const period = metric.period ?? periodOfQueries(metric.metrics ?? []);
  if (period * evaluationPeriods > (period < 3600 ? 86_400 : 604_800)) {
    throw validationError('Metrics cannot be checked across more than a day (EvaluationPeriods * Period must be <= 86400).');
  }
  return {
    ...metric,
    ...(input.AlarmDescription !== undefined && { alarmDescription: input.AlarmDescription }),
    actionsEnabled: input.ActionsEnabled ?? true,
    ...actionsOf('alarmActions', input.AlarmActions),
    ...actionsOf('okActions', input.OKActions),
    ...actionsOf('insufficientDataActions', input.InsufficientDataActions),
    evaluationPeriods,
    ...(datapointsToAlarm !== undefined && { datapointsToAlarm }),
    threshold: Threshold,
    comparisonOperator,
    treatMissingData: oneOf(MISSING_DATA_TREATMENTS, TreatMissingData, 'treatMissingData'),
    ...(EvaluateLowSampleCountPercentile !== undefined && {
      evaluateLowSampleCountPercentile: oneOf(['evaluate', 'ignore'] as const, EvaluateLowSampleCountPercentile, 'evaluateLowSampleCountPercentile'),
    }),
  };
}

type RequestedMetric = Pick<MetricAlarmSpec, 'namespace' | 'metricName' | 'dimensions' | 'statistic' | 'extendedStatistic' | 'unit' | 'period' | 'metrics'>;

/** The metric, named directly or as the result of a list of queries. */
function requestedMetricFrom(input: PutMetricAlarmInput): RequestedMetric {
  if (input.Metrics === undefined || input.Metrics.length === 0) {
    if (input.Statistic !== undefined && input.ExtendedStatistic !== undefined) throw invalidCombination('Exactly one of Statistic and ExtendedStatistic must be specified.');
    return metricOf(input, input.Statistic ?? input.ExtendedStatistic, input.Period, input.Unit);
  }
  const { MetricName, Namespace, Dimensions, Period, Unit, Statistic, ExtendedStatistic } = input;
  const [other] = Object.entries({ MetricName, Namespace, Dimensions, Period, Unit, Statistic, ExtendedStatistic }).filter(([, value]) => value !== undefined);
  if (other) throw invalidCombination(`The parameters ${other[0]} and Metrics cannot be used together.`);
  return { metrics: metricQueriesFrom(input.Metrics) };
}

function metricOf({ Namespace = '', MetricName = '', Dimensions }: Metric, stat: string | undefined, period: number | undefined, unit: string | undefined): RequestedMetric {
  if (MetricName === '') throw validationError('Exactly one element of the metrics list should return data: the parameter MetricName is required.');
  if (Namespace === '') throw validationError('The parameter Namespace is required.');
  if (period === undefined || !([10, 20, 30].includes(period) || (Number.isInteger(period) && period >= 60 && period % 60 === 0 && period <= 86_400))) {
    throw validationError('Period must be 10, 20, 30 or a multiple of 60 of up to a day.');
  }
  const dimensions = dimensionsFrom(Dimensions, 'Dimensions');
  const isNamed = (STATISTICS as readonly string[]).includes(stat ?? '');
  if (!isNamed && percentileOf(stat ?? '') === undefined) throw validationError(`Invalid statistic ${stat ?? ''}: use ${STATISTICS.join(', ')}, or a percentile such as p99.`);
  return {
    namespace: Namespace,
    metricName: MetricName,
    ...(dimensions.length > 0 && { dimensions }),
    ...(isNamed ? { statistic: stat as (typeof STATISTICS)[number] } : { extendedStatistic: stat ?? '' }),
    ...(unit !== undefined && { unit }),
    period,
  };
}

function actionsOf<Name extends string>(name: Name, actions: readonly string[] | undefined): Partial<Record<Name, string[]>> {
  if (actions === undefined || actions.length === 0) return {};
  if (actions.length > ACTIONS_LIMIT) throw validationError(`The collection ${name} must not have a size greater than ${String(ACTIONS_LIMIT)}.`);
  const invalid = actions.find((action) => !/^arn:aws[\w-]*:[\w-]+:[^\s]*$/.test(action) || action.length > 1024);
  if (invalid !== undefined) throw validationError(`Invalid arn syntax: ${invalid.slice(0, 100)}`);
  if (actions.some((action) => /:(recover)$/.test(action))) throw validationError('The action recover is not supported: machines are started anew by KubeVirt.');
  return { [name]: [...new Set(actions)] } as Partial<Record<Name, string[]>>;
}

function wholeNumber(value: number | undefined, name: string): number {
  if (value !== undefined && Number.isInteger(value) && value >= 1 && value <= 8640) return value;
  throw validationError(`The value ${String(value)} for parameter ${name} is invalid. It must be a whole number of at least 1.`);
}

function oneOf<T extends string>(values: readonly T[], value: string | undefined, name: string, hint?: string): T {
  const found = values.find((one) => one === value);
  if (found !== undefined) return found;
  throw validationError(`1 validation error detected: Value '${value ?? ''}' at '${name}' failed to satisfy constraint: Member must satisfy enum value set: [${values.join(', ')}]${hint === undefined ? '' : `; ${hint}`}`);
}

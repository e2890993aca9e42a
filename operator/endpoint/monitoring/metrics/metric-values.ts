import type { Dimension as SdkDimension, MetricDatum } from '@aws-sdk/client-cloudwatch';
import type { Dimension, MetricIdentity } from '../../../api/monitoring/metric.ts';
import { SERIES_MINUTES, type Minute } from '../../../api/monitoring/metric-series.ts';
import { mergedMinute } from '../../../metrics/custom-metrics.ts';
import { invalidCombination, invalidParameter } from '../errors.ts';

const DIMENSIONS_LIMIT = 30;
const VALUES_LIMIT = 150;
/** CloudWatch's own. */
const LARGEST = 2 ** 360;
const FUTURE_MILLISECONDS = 2 * 3600 * 1000;

/** A datum as it is kept. */
export interface PutValue {
  metric: MetricIdentity;
  unit: string | undefined;
  minute: Minute;
}

/** A datum of PutMetricData, checked. `path` is its wire name. @throws AwsError InvalidParameterValue, InvalidParameterCombination */
export function putValueFrom(namespace: string, datum: MetricDatum, path: string, now: number): PutValue {
  const { MetricName = '', Dimensions, Unit, StorageResolution, Timestamp } = datum;
  if (MetricName === '' || MetricName.length > 255) throw invalidParameter(`The parameter ${path}.MetricName must have 1 to 255 characters.`);
  if (StorageResolution !== undefined && StorageResolution !== 60) {
    throw invalidParameter(`The value ${String(StorageResolution)} for parameter ${path}.StorageResolution is not supported: values are kept by the minute.`);
  }
  const at = Timestamp?.getTime() ?? now;
  if (!(at > now - SERIES_MINUTES * 60_000 && at < now + FUTURE_MILLISECONDS)) {
    throw invalidParameter(`The parameter ${path}.Timestamp must be within the last ${String(SERIES_MINUTES / 60)} hours, for which values are kept here, and not more than two hours in the future.`);
  }
  const metric = { namespace, metricName: MetricName, dimensions: dimensionsFrom(Dimensions, path) };
  return { metric, unit: Unit, minute: { at: Math.floor(at / 60_000) * 60, ...statisticsOf(datum, path) } };
}

/** Dimensions of a request. @throws AwsError InvalidParameterValue */
export function dimensionsFrom(dimensions: readonly SdkDimension[] | undefined, path: string): Dimension[] {
  const list = (dimensions ?? []).map(({ Name = '', Value = '' }) => ({ name: Name, value: Value }));
  if (list.length > DIMENSIONS_LIMIT) throw invalidParameter(`The parameter ${path}.Dimensions may have ${String(DIMENSIONS_LIMIT)} members.`);
  if (list.some(({ name, value }) => name === '' || value === '' || name.length > 255 || value.length > 1024)) {
    throw invalidParameter(`The members of ${path}.Dimensions must have a name of up to 255 and a value of up to 1024 characters.`);
  }
  if (new Set(list.map(({ name }) => name)).size < list.length) throw invalidParameter(`The parameter ${path}.Dimensions names a dimension twice.`);
  return list;
}

function statisticsOf({ Value, StatisticValues, Values, Counts }: MetricDatum, path: string): Omit<Minute, 'at'> {
  const given = [Value, StatisticValues, Values].filter((form) => form !== undefined).length;
  if (given === 0) throw invalidCombination(`One of ${path}.Value, ${path}.Values and ${path}.StatisticValues must be given.`);
  if (given > 1) throw invalidCombination(`The parameters ${path}.Value, ${path}.Values and ${path}.StatisticValues are mutually exclusive and you have specified more than one.`);
  if (StatisticValues) {
    const { SampleCount = 0, Sum = 0, Minimum = 0, Maximum = 0 } = StatisticValues;
    if (!(SampleCount > 0) || Minimum > Maximum) throw invalidParameter(`The statistics of ${path}.StatisticValues contradict each other.`);
    return { sampleCount: SampleCount, sum: checked(Sum, path), minimum: checked(Minimum, path), maximum: checked(Maximum, path) };
  }
  const values = Values ?? [Value ?? 0];
  if (values.length === 0 || values.length > VALUES_LIMIT) throw invalidParameter(`The parameter ${path}.Values must have 1 to ${String(VALUES_LIMIT)} members.`);
  if (Counts && Counts.length !== values.length) throw invalidParameter(`The parameters ${path}.Values and ${path}.Counts must have equally many members.`);
  const minutes = values.map((value, index): Minute => {
    const count = Counts?.[index] ?? 1;
    if (!(count > 0)) throw invalidParameter(`The members of ${path}.Counts must be greater than 0.`);
    return { at: 0, sampleCount: count, sum: checked(value, path) * count, minimum: value, maximum: value };
  });
  const { at: _, ...all } = minutes.slice(1).reduce(mergedMinute, minutes[0] as Minute);
  return all;
}

function checked(value: number, path: string): number {
  if (Number.isFinite(value) && Math.abs(value) <= LARGEST) return value;
  throw invalidParameter(`The values of ${path} must lie between -2^360 and 2^360.`);
}

import type { MetricDataQuery as SdkQuery, StandardUnit } from '@aws-sdk/client-cloudwatch';
import { MetricDataQuery, QUERIES_OF_ALARM_LIMIT } from '../../../api/monitoring/metric-data-query.ts';
import { MathError } from '../../../metrics/math/expression.ts';
import { requireMath } from '../../../metrics/metric-math.ts';
import { validationError } from '../errors.ts';
import { dimensionsFrom } from './metric-values.ts';

/** What requests of CloudWatch and of Auto Scaling have alike. */
export type RequestedQuery = Pick<SdkQuery, 'Id' | 'Expression' | 'MetricStat' | 'Label' | 'ReturnData' | 'AccountId'>;

/**
 * The metrics and expressions of an alarm or a policy, tried on empty series. `fallbackPeriod` is that of metrics which name none.
 * @throws AwsError ValidationError
 */
export function metricQueriesFrom(queries: readonly RequestedQuery[], fallbackPeriod?: number): MetricDataQuery[] {
  if (queries.length > QUERIES_OF_ALARM_LIMIT) {
    throw validationError(`The collection Metrics must not have a size greater than ${String(QUERIES_OF_ALARM_LIMIT)}.`);
  }
  const found = queries.map((query) => metricQueryFrom(query, fallbackPeriod));
  orValidationError(() => requireMath(found));
  return found;
}

/** What a piece of metric math comes to, with what is wrong with it in the API's words. @throws AwsError ValidationError */
export function orValidationError<T>(compute: () => T): T {
  try {
    return compute();
  } catch (error) {
    if (error instanceof MathError) throw validationError(error.message);
    throw error;
  }
}

/** One query, checked by the schema that the API server has. @throws AwsError ValidationError, InvalidParameterValue */
function metricQueryFrom({ Id = '', Expression, MetricStat, Label, ReturnData = true, AccountId }: RequestedQuery, fallbackPeriod?: number): MetricDataQuery {
  if (AccountId) throw validationError('Metrics of other accounts are not supported.');
  if ((Expression === undefined) === (MetricStat === undefined)) {
    throw validationError(`Exactly one of Expression and MetricStat must be specified for the element '${Id}'.`);
  }
  const { Metric = {}, Stat = '', Period = fallbackPeriod, Unit } = MetricStat ?? {};
  const dimensions = dimensionsFrom(Metric.Dimensions, `the element ${Id}`);
  const metricStat = {
    namespace: Metric.Namespace ?? '',
    metricName: Metric.MetricName ?? '',
    ...(dimensions.length > 0 && { dimensions }),
    stat: Stat,
    period: Period,
    ...(Unit !== undefined && { unit: Unit }),
  };
  const what = Expression === undefined ? { metricStat } : { expression: Expression };
  const parsed = MetricDataQuery.safeParse({ id: Id, ...what, ...(Label !== undefined && { label: Label }), returnData: ReturnData });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw validationError(`The element '${Id}' of the metrics is invalid: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trimEnd());
}

/** Queries in the API's shape. */
export function sdkMetricQueriesFrom(queries: readonly MetricDataQuery[]): SdkQuery[] {
  return queries.map(({ id, expression, metricStat, label, returnData }) => ({
    Id: id,
    ...(metricStat && {
      MetricStat: {
        Metric: {
          Namespace: metricStat.namespace,
          MetricName: metricStat.metricName,
          Dimensions: (metricStat.dimensions ?? []).map(({ name: Name, value: Value }) => ({ Name, Value })),
        },
        Period: metricStat.period,
        Stat: metricStat.stat,
        ...(metricStat.unit !== undefined && { Unit: metricStat.unit as StandardUnit }),
      },
    }),
    ...(expression !== undefined && { Expression: expression }),
    ...(label !== undefined && { Label: label }),
    ReturnData: returnData,
  }));
}

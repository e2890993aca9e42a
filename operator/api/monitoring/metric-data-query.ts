import { z } from 'zod';
import { Dimensions, MetricName, MetricNamespace } from './metric.ts';

/** A statistic of a metric. */
const MetricStat = z.object({
  namespace: MetricNamespace,
  metricName: MetricName,
  dimensions: Dimensions.optional(),
  stat: z
    .string()
    .max(12)
    .regex(/^(Average|Sum|Minimum|Maximum|SampleCount|p[0-9]{1,2}(\.[0-9]{1,2})?|p100)$/, 'stat must be Average, Sum, Minimum, Maximum, SampleCount or a percentile')
    .describe('Statistic of each period, or a percentile.'),
  period: z
    .int()
    .min(10)
    .max(86400)
    .describe('Seconds of one period: 10, 20, 30 or a multiple of 60.')
    .meta({ 'x-kubernetes-validations': [{ rule: 'self in [10, 20, 30] || self % 60 == 0', message: 'period must be 10, 20, 30 or a multiple of 60' }] }),
  unit: z.string().max(32).optional().describe('Unit of the metric. Recorded: metrics have one unit here.'),
});
export type MetricStat = z.infer<typeof MetricStat>;

/** A metric, or what is computed of others. @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDataQuery.html */
export const MetricDataQuery = z
  .object({
    id: z
      .string()
      .max(255)
      .regex(/^[a-z][A-Za-z0-9_]*$/, 'id must begin with a lower-case letter and have letters, digits and _')
      .describe('Name in expressions.'),
    expression: z.string().min(1).max(2048).optional().describe('Metric math, such as visible / running.'),
    metricStat: MetricStat.optional().describe('Statistic of a metric.'),
    label: z.string().max(2048).optional().describe('For people.'),
    returnData: z.boolean().default(true).describe('Whether this is the result; of a list one is.'),
  })
  .meta({ 'x-kubernetes-validations': [{ rule: 'has(self.expression) != has(self.metricStat)', message: 'set either expression or metricStat' }] });
export type MetricDataQuery = z.infer<typeof MetricDataQuery>;

/** CloudWatch's limit of queries of an alarm. */
export const QUERIES_OF_ALARM_LIMIT = 20;

/** What an alarm or a policy looks at, by metric math. */
export const MetricDataQueries = z
  .array(MetricDataQuery)
  .min(1)
  .max(QUERIES_OF_ALARM_LIMIT)
  .meta({
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': ['id'],
    'x-kubernetes-validations': [{ rule: 'self.filter(query, query.returnData).size() == 1', message: 'exactly one of the metrics must have returnData' }],
  })
  .describe('Metrics and expressions, one of which is the result.');

/** Seconds of one period: that of the metrics, which must have the same. Pure. */
export function periodOfQueries(queries: readonly MetricDataQuery[]): number {
  return queries.find(({ metricStat }) => metricStat !== undefined)?.metricStat?.period ?? 60;
}

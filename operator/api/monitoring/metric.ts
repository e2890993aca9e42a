import { z } from 'zod';

/** Limit of CloudWatch for the dimensions of one metric. */
const DIMENSIONS_LIMIT = 30;

/** A name and value that tell one metric from others of its name. */
export const Dimension = z.object({
  name: z.string().min(1).max(255).describe('Name of the dimension, such as InstanceId.'),
  value: z.string().min(1).max(1024).describe('Value of it.'),
});
export type Dimension = z.infer<typeof Dimension>;

/** Dimensions of a metric. */
export const Dimensions = z
  .array(Dimension)
  .max(DIMENSIONS_LIMIT)
  .meta({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'] })
  .describe('What tells this metric from others of its name.');

/** Namespace of a metric, AWS/EC2 or one of the user's own. */
export const MetricNamespace = z.string().min(1).max(255).describe('Namespace of the metric: AWS/EC2, or one of your own.');
/** Name of a metric. */
export const MetricName = z.string().min(1).max(255).describe('Name of the metric.');
/** Statistics that every source has. */
export const STATISTICS = ['Average', 'Sum', 'Minimum', 'Maximum', 'SampleCount'] as const;
export type Statistic = (typeof STATISTICS)[number];

/** Which metric, wherever it comes from. */
export interface MetricIdentity {
  namespace: string;
  metricName: string;
  dimensions: readonly Dimension[];
}

/** The metric as one text: the same for the same metric, whatever the order of its dimensions. */
export function metricKeyOf({ namespace, metricName, dimensions }: MetricIdentity): string {
  const sorted = dimensions.map(({ name, value }) => [name, value]).toSorted(([left = ''], [right = '']) => (left < right ? -1 : 1));
  return JSON.stringify([namespace, metricName, sorted]);
}

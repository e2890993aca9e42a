import { z } from 'zod';
import { defineCustomResource, type CustomResource } from '../custom-resource.ts';
import { Dimensions, MetricName, MetricNamespace, metricKeyOf } from './metric.ts';
import { Conditions } from '../shared.ts';

/** Minutes that a series holds: three hours. */
export const SERIES_MINUTES = 180;
/** Series of one account. */
export const SERIES_LIMIT = 500;

const Minute = z.object({
  at: z.int().min(0).describe('Beginning of the minute, in seconds since the epoch.'),
  sampleCount: z.number().min(0).describe('Values.'),
  sum: z.number().describe('Their sum.'),
  minimum: z.number().describe('The least of them.'),
  maximum: z.number().describe('The greatest of them.'),
});
export type Minute = z.infer<typeof Minute>;

const MetricSeriesSpec = z.object({
  namespace: MetricNamespace.meta({ 'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: 'namespace cannot be changed' }] }),
  metricName: MetricName.meta({ 'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: 'metricName cannot be changed' }] }),
  dimensions: Dimensions.optional(),
  unit: z.string().max(32).optional().describe('Unit of the values, as it was put last.'),
  minutes: z
    .array(Minute)
    .max(SERIES_MINUTES)
    .meta({ 'x-kubernetes-list-type': 'atomic' })
    .describe(`The last ${SERIES_MINUTES} minutes with values, oldest first.`),
});
export type MetricSeriesSpec = z.infer<typeof MetricSeriesSpec>;

const MetricSeriesStatus = z.object({ conditions: Conditions.optional() });
export type MetricSeriesStatus = z.infer<typeof MetricSeriesStatus>;
export type MetricSeries = CustomResource<MetricSeriesSpec, MetricSeriesStatus>;

/** The metric of a series as one text. */
export function seriesKeyOf({ spec }: MetricSeries): string {
  return metricKeyOf({ ...spec, dimensions: spec.dimensions ?? [] });
}

/** MetricSeries: values of a custom metric, minute by minute. */
export const MetricSeriesDefinition = defineCustomResource({
  kind: 'MetricSeries',
  plural: 'metricseries',
  shortNames: [],
  namespaced: true,
  description: 'Values of a custom metric that were put through CloudWatch, minute by minute, for three hours. Longer histories belong into Prometheus.',
  spec: MetricSeriesSpec,
  status: MetricSeriesStatus,
  printerColumns: [
    { name: 'Namespace', type: 'string', path: '.spec.namespace' },
    { name: 'Metric', type: 'string', path: '.spec.metricName' },
    { name: 'Age', type: 'date', path: '.metadata.creationTimestamp' },
  ],
});

import type { MetricsSettings } from '../../metrics/metrics-source-of.ts';
import { AutoScalingGroup, Instance, MetricAlarm, MetricSeries } from '../../kubernetes/resources.ts';
import { defineController, watching, type AnyController } from '../../runtime/reconcile.ts';
import { reconcile } from './reconcile.ts';

/** Evaluates alarms once a period, at most once a minute. Writes only when the state of one changes. */
export function metricAlarmController(settings: MetricsSettings): AnyController {
  return defineController({
    name: 'metric-alarm',
    type: MetricAlarm,
    // Only for the caches: which machines a metric is of, and what was put.
    watches: [watching(Instance, () => []), watching(AutoScalingGroup, () => []), watching(MetricSeries, () => [])],
    permissions: [{ group: 'kube-ec2.io', resource: 'instances', verbs: ['patch'], reason: 'alarms that stop, terminate or reboot an instance' }],
    concurrency: 8,
    reconcile: async (alarm, context) => reconcile(alarm, context, settings),
  });
}

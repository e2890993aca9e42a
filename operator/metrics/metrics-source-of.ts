import { systemClock, type Clock } from '../kubernetes/clock.ts';
import type { Read } from '../kubernetes/read.ts';
import { customDatapoints } from './custom-metrics.ts';
import { EC2_NAMESPACE } from './ec2-metrics.ts';
import { GROUP_NAMESPACE, groupDatapoints } from './group-metrics.ts';
import { machineDatapoints } from './machine-metrics.ts';
import { UnsupportedMetric, type MetricsSource } from './metrics-source.ts';
import { prometheusAt } from './prometheus.ts';

/** What the configuration says about metrics. */
export interface MetricsSettings {
  /** Prometheus that scrapes KubeVirt; undefined: there are no metrics of machines. */
  prometheusUrl: string | undefined;
  /** Seconds that rates are taken over; at least twice the interval of scraping. */
  prometheusRateSeconds: number;
}

/** Without Prometheus. */
export const customMetricsOnly: MetricsSettings = { prometheusUrl: undefined, prometheusRateSeconds: 120 };

/** All metrics: those of machines from Prometheus, those of groups from their instances, custom ones from the MetricSeries that PutMetricData writes. */
export function metricsSourceOf({ prometheusUrl, prometheusRateSeconds }: MetricsSettings, read: Read, clock: Clock = systemClock): MetricsSource {
  const prometheus = prometheusUrl === undefined ? undefined : prometheusAt(prometheusUrl);
  return {
    hasMachineMetrics: prometheus !== undefined,
    datapoints: async (namespace, query) => {
      if (!query.namespace.startsWith('AWS/')) return customDatapoints(namespace, query, read);
      if (query.namespace === GROUP_NAMESPACE) return groupDatapoints(namespace, query, read, clock.now());
      if (query.namespace !== EC2_NAMESPACE) throw new UnsupportedMetric('NoMetricsSource', `There is no source for metrics of ${query.namespace}`);
      if (!prometheus) throw new UnsupportedMetric('NoMetricsSource', 'Metrics of machines need a Prometheus that scrapes KubeVirt: set KUBE_EC2_PROMETHEUS_URL');
      return machineDatapoints(namespace, query, read, prometheus, prometheusRateSeconds);
    },
  };
}

import { Histogram } from 'prom-client';
import type { Registry } from 'prom-client';
import type { RequestRecord } from './pipeline.ts';

/** Registers the endpoint's metrics and returns the observer that the pipeline calls once per request. */
export function requestMetrics(registry: Registry): (record: RequestRecord) => void {
  const duration = new Histogram({
    name: 'kube_ec2_endpoint_request_duration_seconds',
    help: 'Time from a complete request to its answer, by service, action and result code.',
    labelNames: ['service', 'action', 'code'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers: [registry],
  });
  return ({ service, action, isKnownAction, code, milliseconds }) => {
    // Labels must be few: names that callers made up are all one.
    const labels = isKnownAction ? { service, action: action ?? '', code } : { service: 'unknown', action: 'unknown', code };
    duration.observe(labels, milliseconds / 1000);
  };
}

import { Counter, Gauge, Histogram } from 'prom-client';

/** How a pass ended. */
export type PassResult = 'done' | 'waiting' | 'gone' | 'terminal' | 'conflict' | 'error' | 'stale';

const passes = new Counter({
  name: 'kube_ec2_reconcile_total',
  help: 'Passes of a controller, by how they ended.',
  labelNames: ['controller', 'result'],
});

const durations = new Histogram({
  name: 'kube_ec2_reconcile_duration_seconds',
  help: 'Time that a pass took, its status write included.',
  labelNames: ['controller'],
  buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
});

const retries = new Counter({ name: 'kube_ec2_queue_retries_total', help: 'Passes that are tried again after a failure.', labelNames: ['controller'] });

const queues = new Map<string, { readonly depth: number; readonly delayed: number }>();

const depth = new Gauge({
  name: 'kube_ec2_queue_depth',
  help: 'Objects that wait for a worker.',
  labelNames: ['controller'],
  collect() {
    for (const [controller, queue] of queues) this.set({ controller }, queue.depth);
  },
});

const delayed = new Gauge({
  name: 'kube_ec2_queue_delayed',
  help: 'Objects that wait for their time: deadlines and back-off.',
  labelNames: ['controller'],
  collect() {
    for (const [controller, queue] of queues) this.set({ controller }, queue.delayed);
  },
});

/** Counts a pass. */
export function countPass(controller: string, result: PassResult, seconds: number): void {
  passes.inc({ controller, result });
  durations.observe({ controller }, seconds);
}

/** Counts a retry. */
export function countRetry(controller: string): void {
  retries.inc({ controller });
}

/** Shows a queue in the metrics. */
export function observeQueue(controller: string, queue: { readonly depth: number; readonly delayed: number }): void {
  queues.set(controller, queue);
}

/** Shows it no more. */
export function forgetQueue(controller: string): void {
  queues.delete(controller);
  depth.remove({ controller });
  delayed.remove({ controller });
}

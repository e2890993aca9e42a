import { Counter, Gauge } from 'prom-client';
import { groupOf } from './resource-type.ts';

/** What the staleness metric needs of an informer. */
export interface StalenessSource {
  readonly type: { readonly kind: string; readonly apiVersion: string };
  readonly stalenessSeconds: number;
  readonly position: number | undefined;
  readonly store: { readonly size: number };
}

const sources = new Set<StalenessSource>();
const OWN_GROUP = 'kube-ec2.io';

/** The name of a kind; of two that share one (Kube-OVN has Vpcs and Subnets, too) that of others is told apart by its group: `Vpc.kubeovn.io`. */
function labelOf({ type }: StalenessSource): { kind: string } {
  const group = groupOf(type);
  const isShared = [...sources].some((other) => other.type.kind === type.kind && groupOf(other.type) !== group);
  return { kind: isShared && group !== OWN_GROUP ? `${type.kind}.${group}` : type.kind };
}

const staleness = new Gauge({
  name: 'kube_ec2_cache_staleness_seconds',
  help: 'Seconds since the API server last said anything about the kind; a bookmark comes every minute.',
  labelNames: ['kind'],
  collect() {
    this.reset();
    for (const source of sources) this.set(labelOf(source), source.stalenessSeconds);
  },
});

const objects = new Gauge({
  name: 'kube_ec2_cache_objects',
  help: 'Objects of the kind in the cache.',
  labelNames: ['kind'],
  collect() {
    this.reset();
    for (const source of sources) this.set(labelOf(source), source.store.size);
  },
});

const position = new Gauge({
  name: 'kube_ec2_cache_resource_version',
  help: 'The resourceVersion up to which the cache holds every change of the kind: two processes, or a process and an object, can be compared by it.',
  labelNames: ['kind'],
  collect() {
    this.reset();
    for (const source of sources) if (source.position !== undefined) this.set(labelOf(source), source.position);
  },
});

const failures = new Counter({ name: 'kube_ec2_cache_failures_total', help: 'Lists and watches that failed, by kind.', labelNames: ['kind'] });

/** Shows an informer in the metrics. */
export function observeStaleness(source: StalenessSource): void {
  sources.add(source);
}

/** Shows it no more. */
export function forgetStaleness(source: StalenessSource): void {
  const label = labelOf(source);
  sources.delete(source);
  for (const metric of [staleness, objects, position]) metric.remove(label);
}

/** Counts a list or watch that failed. */
export function countWatchFailure(kind: string): void {
  failures.inc({ kind });
}

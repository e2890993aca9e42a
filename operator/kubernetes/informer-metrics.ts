import { Counter, Gauge } from 'prom-client';

/** What the staleness metric needs of an informer. */
export interface StalenessSource {
  readonly type: { readonly kind: string };
  readonly stalenessSeconds: number;
  readonly position: number | undefined;
  readonly store: { readonly size: number };
}

const sources = new Set<StalenessSource>();

const staleness = new Gauge({
  name: 'kube_ec2_cache_staleness_seconds',
  help: 'Seconds since the API server last said anything about the kind; a bookmark comes every minute.',
  labelNames: ['kind'],
  collect() {
    this.reset();
    for (const source of sources) this.set({ kind: source.type.kind }, source.stalenessSeconds);
  },
});

const objects = new Gauge({
  name: 'kube_ec2_cache_objects',
  help: 'Objects of the kind in the cache.',
  labelNames: ['kind'],
  collect() {
    this.reset();
    for (const source of sources) this.set({ kind: source.type.kind }, source.store.size);
  },
});

const position = new Gauge({
  name: 'kube_ec2_cache_resource_version',
  help: 'The resourceVersion up to which the cache holds every change of the kind: two processes, or a process and an object, can be compared by it.',
  labelNames: ['kind'],
  collect() {
    this.reset();
    for (const source of sources) if (source.position !== undefined) this.set({ kind: source.type.kind }, source.position);
  },
});

const failures = new Counter({ name: 'kube_ec2_cache_failures_total', help: 'Lists and watches that failed, by kind.', labelNames: ['kind'] });

/** Shows an informer in the metrics. */
export function observeStaleness(source: StalenessSource): void {
  sources.add(source);
}

/** Shows it no more. */
export function forgetStaleness(source: StalenessSource): void {
  sources.delete(source);
  staleness.remove({ kind: source.type.kind });
  objects.remove({ kind: source.type.kind });
  position.remove({ kind: source.type.kind });
}

/** Counts a list or watch that failed. */
export function countWatchFailure(kind: string): void {
  failures.inc({ kind });
}

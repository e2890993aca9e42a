import { Counter, Gauge } from 'prom-client';

/** What the staleness metric needs of an informer. */
export interface StalenessSource {
  readonly type: { readonly kind: string };
  readonly stalenessSeconds: number;
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
}

/** Counts a list or watch that failed. */
export function countWatchFailure(kind: string): void {
  failures.inc({ kind });
}

/** Writes of the operator at the API server, by `<verb> <kind>`. */
export type Writes = ReadonlyMap<string, number>;

const writingVerbs = new Set(['create', 'apply', 'patch', 'replace', 'patchStatus', 'delete', 'subresource']);
/** Not writes for an instance: a question that is not stored, and the heart beat of the leader. */
const leftOut = new Set(['SubjectAccessReview', 'Lease']);

/** Reads the counters of the operator's /metrics; failed requests count too, as the API server has their work. */
export function writesIn(metrics: string): Map<string, number> {
  const writes = new Map<string, number>();
  for (const line of metrics.split('\n')) {
    const [, labels = '', value = ''] = /^kube_ec2_api_server_requests_total\{([^}]*)\} (\S+)$/.exec(line) ?? [];
    const label = (name: string): string => new RegExp(`${name}="([^"]*)"`).exec(labels)?.[1] ?? '';
    if (!writingVerbs.has(label('verb')) || leftOut.has(label('kind'))) continue;
    const key = `${label('verb')} ${label('kind')}`;
    writes.set(key, (writes.get(key) ?? 0) + Number(value));
  }
  return writes;
}

/** What was added between two readings. */
export function writesBetween(before: Writes, after: Writes): Map<string, number> {
  const added = [...after].map(([key, count]) => [key, count - (before.get(key) ?? 0)] as const);
  return new Map(added.filter(([, count]) => count > 0));
}

/** Their sum. */
export function sumOf(writes: Writes): number {
  return [...writes.values()].reduce((sum, count) => sum + count, 0);
}

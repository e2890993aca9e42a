import type { KubernetesClient } from '../../hack/control-plane/kubernetes-client.ts';

/** Writes at the API server, by `<verb> <what>`. */
export type Writes = ReadonlyMap<string, number>;

const writingVerbs = new Set(['create', 'apply', 'patch', 'replace', 'patchStatus', 'delete', 'subresource']);
/** Not writes for an instance: a question that is not stored, and the heart beat of the leader. */
const leftOut = new Set(['SubjectAccessReview', 'Lease']);

/** Reads the operator's writes by kind off its /metrics; failed requests count too, as the API server has their work. */
export function writesIn(metrics: string): Map<string, number> {
  return countersIn(metrics, 'kube_ec2_api_server_requests_total', (label) =>
    writingVerbs.has(label('verb')) && !leftOut.has(label('kind')) ? `${label('verb')} ${label('kind')}` : undefined,
  );
}

const writingMethods = new Set(['POST', 'PUT', 'PATCH', 'APPLY', 'DELETE', 'DELETECOLLECTION']);
/** The same by resource, of all clients. */
const resourcesLeftOut = new Set(['leases', 'subjectaccessreviews', 'localsubjectaccessreviews', 'selfsubjectaccessreviews', 'tokenreviews']);

/** Writes of whoever it was, by resource and subresource, as the API server itself counts them. */
export async function clusterWrites(client: KubernetesClient): Promise<Map<string, number>> {
  return countersIn(await client.getText('/metrics'), 'apiserver_request_total', (label) => {
    if (!writingMethods.has(label('verb')) || resourcesLeftOut.has(label('resource'))) return undefined;
    return `${label('verb')} ${label('resource')}${label('subresource') === '' ? '' : `/${label('subresource')}`}`;
  });
}

/** Sums of a counter by what its labels are called; what is called nothing is left out. */
function countersIn(metrics: string, counter: string, nameOf: (label: (name: string) => string) => string | undefined): Map<string, number> {
  const counts = new Map<string, number>();
  const pattern = new RegExp(`^${counter}\\{([^}]*)\\} (\\S+)$`);
  for (const line of metrics.split('\n')) {
    const [, labels, value] = pattern.exec(line) ?? [];
    if (labels === undefined) continue;
    const name = nameOf((label) => new RegExp(`(?:^|,)${label}="([^"]*)"`).exec(labels)?.[1] ?? '');
    if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + Number(value));
  }
  return counts;
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

/** The same of each of so many machines. */
export function perMachine(writes: Writes, machines: number): Record<string, number> {
  return Object.fromEntries([...writes].map(([key, count]) => [key, count / machines]));
}

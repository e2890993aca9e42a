import type { KubernetesClient } from '../../hack/control-plane/kubernetes-client.ts';
import type { Writes } from './api-server-writes.ts';

const writingVerbs = new Set(['POST', 'PUT', 'PATCH', 'APPLY', 'DELETE', 'DELETECOLLECTION']);
/** Not for any machine: heart beats, questions that are not stored. */
const leftOut = new Set(['leases', 'subjectaccessreviews', 'localsubjectaccessreviews', 'selfsubjectaccessreviews', 'tokenreviews']);

/** Writes of whoever it was, by `<verb> <resource>[/<subresource>]`, as the API server itself counts them. */
export async function clusterWrites(client: KubernetesClient): Promise<Map<string, number>> {
  const writes = new Map<string, number>();
  for (const line of (await client.getText('/metrics')).split('\n')) {
    const [, labels = '', value = ''] = /^apiserver_request_total\{([^}]*)\} (\S+)$/.exec(line) ?? [];
    const label = (name: string): string => new RegExp(`(?:^|,)${name}="([^"]*)"`).exec(labels)?.[1] ?? '';
    if (!writingVerbs.has(label('verb')) || leftOut.has(label('resource'))) continue;
    const subresource = label('subresource');
    const key = `${label('verb')} ${label('resource')}${subresource === '' ? '' : `/${subresource}`}`;
    writes.set(key, (writes.get(key) ?? 0) + Number(value));
  }
  return writes;
}

/** The same of each of so many machines. */
export function perMachine(writes: Writes, machines: number): Record<string, number> {
  return Object.fromEntries([...writes].map(([key, count]) => [key, count / machines]));
}

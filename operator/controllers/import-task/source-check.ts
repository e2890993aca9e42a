import { outboundHostOf, refusalOfAddresses } from '../../kubernetes/outbound-policy.ts';
import type { ImportTask } from '../../kubernetes/resources.ts';
import { urlOf } from './data-volume.ts';
import type { ImportSettings } from './settings.ts';

/** Whether the importer may be sent to the source; `unresolved` may be otherwise in a while. */
export type SourceVerdict = { is: 'allowed' } | { is: 'refused' | 'unresolved'; message: string };

/**
 * Judges where an import would connect to, so that nobody reaches the cluster's own network by it. The name is resolved here too, which the importer
 * does again: see outbound-policy.ts for what that leaves open.
 */
export async function judgeSource({ spec: { source } }: ImportTask, { imports }: ImportSettings): Promise<SourceVerdict> {
  if (source.upload !== undefined) return { is: 'allowed' };
  const url = urlOf(source, imports.s3Endpoint);
  if (url === undefined) return { is: 'refused', message: 'there is no S3 server in the configuration; give the https address of the object' };
  // The administrator's own server is where the administrator says.
  if (source.s3?.url.startsWith('s3://')) return { is: 'allowed' };
  const found = outboundHostOf(url, imports.policy);
  if ('refusal' in found) return { is: 'refused', message: found.refusal };
  if (found.isAllowed) return { is: 'allowed' };
  const addresses = await imports.resolve(found.host).catch(() => []);
  if (addresses.length === 0) return { is: 'unresolved', message: `the host ${found.host} cannot be resolved` };
  const refusal = refusalOfAddresses(addresses, imports.policy);
  return refusal === undefined ? { is: 'allowed' } : { is: 'refused', message: `${found.host}: ${refusal}` };
}

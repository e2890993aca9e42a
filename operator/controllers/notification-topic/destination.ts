import { isIP } from 'node:net';
import { outboundHostOf, publicOnly, refusalOfAddresses } from '../../kubernetes/outbound-policy.ts';
import { Secret, type NotificationTopic } from '../../kubernetes/resources.ts';
import type { ReconcileContext } from '../../runtime/reconcile.ts';
import { isObjection, type Objection } from '../instance/objection.ts';
import type { WebhookSettings } from './settings.ts';
import { signingKeysFrom } from './signature.ts';
import type { Destination } from './webhook.ts';

/** Time for a name server to answer. */
const RESOLVE_MILLISECONDS = 1500;

/** Where notifications of a topic go, and what signs them. */
export interface SignedDestination extends Destination {
  keys: readonly Buffer[];
}

/** Judges where a topic leads, so that nobody reaches the cluster's own network by it, and looks up its key. */
export async function destinationOf(
  topic: NotificationTopic,
  { live }: Pick<ReconcileContext, 'live'>,
  { webhooks }: WebhookSettings,
): Promise<SignedDestination | Objection> {
  const { url, caBundle } = topic.spec.webhook;
  const found = outboundHostOf(url, webhooks.policy);
  if ('refusal' in found) return refused(found.refusal);
  const addresses = found.isAllowed ? undefined : await addressesOf(found.host, webhooks.resolve);
  if (addresses?.length === 0) return { reason: 'HostUnresolved', message: `the host ${found.host} cannot be resolved` };
  const refusal = addresses === undefined ? undefined : refusalOfAddresses(addresses, webhooks.policy);
  if (refusal !== undefined) return refused(`${found.host}: ${refusal}`);
  if (url.startsWith('http:') && isPublic(url, found.host, addresses)) return refused('http:// is for hosts that the administrator allows; use https://');
  const keys = await keysOf(topic, live);
  return isObjection(keys) ? keys : { url: new URL(url), addresses, caBundle, keys };
}

/** Addresses of a host; none if its name server says so, or nothing in time: a pass must end sooner than a process has to. */
async function addressesOf(host: string, resolve: (host: string) => Promise<string[]>): Promise<string[]> {
  let timer: NodeJS.Timeout | undefined;
  const overdue = new Promise<string[]>((give) => {
    timer = setTimeout(() => give([]), RESOLVE_MILLISECONDS);
  });
  return Promise.race([resolve(host).catch(() => []), overdue]).finally(() => clearTimeout(timer));
}

/** Whether it would be let through without the administrator's word, too. */
function isPublic(url: string, host: string, addresses: readonly string[] | undefined): boolean {
  if ('refusal' in outboundHostOf(url, publicOnly)) return false;
  return addresses === undefined ? isIP(host) !== 0 : refusalOfAddresses(addresses, publicOnly) === undefined;
}

function refused(why: string): Objection {
  return { reason: 'AddressRefused', message: `${why}; the administrator can allow it (KUBE_EC2_WEBHOOK_ALLOW)` };
}

async function keysOf({ metadata, spec }: NotificationTopic, live: ReconcileContext['live']): Promise<readonly Buffer[] | Objection> {
  const name = spec.webhook.keySecretName;
  if (name === undefined) return [];
  const secret = await live.fetch(Secret, { namespace: metadata.namespace, name });
  return secret === undefined ? { reason: 'KeyNotFound', message: `Secret ${name} does not exist in this namespace` } : signingKeysFrom(secret, name);
}

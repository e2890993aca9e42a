import type { AnyObject, KubernetesClient } from '../kubernetes-client.ts';
import { keyOf, Mirror } from './mirror.ts';
import { WorkQueue } from './work-queue.ts';

/** The part of a Service that the agent looks at. */
interface Service extends AnyObject {
  spec: { type?: string; loadBalancerClass?: string };
  status?: { loadBalancer?: { ingress?: { ip?: string }[] } };
}

/** Addresses that documentation may use and no network has. @see https://www.rfc-editor.org/rfc/rfc5737 */
export const SIMULATED_PUBLIC_NETWORK = '203.0.113.0/24';
/** Services of another class are not the agent's. */
const LOAD_BALANCER_CLASS = 'simulator.kube-ec2.io/load-balancer';
/** How MetalLB is asked for an address. */
const ADDRESS_ANNOTATION = 'metallb.io/loadBalancerIPs';

/** Plays the load balancer of the cluster: gives Services of that type addresses, and forwards nothing. */
export class LoadBalancerKeeper {
  readonly #client: KubernetesClient;
  readonly #services: Mirror<Service>;
  readonly #listed = Promise.withResolvers<undefined>();

  constructor(client: KubernetesClient, onError: (key: string, error: unknown) => void) {
    this.#client = client;
    // One after another, so that no two get the same address.
    const queue = new WorkQueue(async (key) => this.#reconcile(key), onError, 1);
    this.#services = new Mirror<Service>(client, '/api/v1/services', (key, service) => {
      if (service) return queue.add(key);
      // An address is free again: whoever waits for one may have it.
      for (const waiting of this.#services.values()) if (isWaiting(waiting)) queue.add(keyOf(waiting));
    });
  }

  async start(): Promise<void> {
    await this.#services.start();
    this.#listed.resolve(undefined);
  }

  async #reconcile(key: string): Promise<void> {
    await this.#listed.promise;
    const service = this.#services.get(key);
    if (!service || !isWaiting(service)) return;
    const ip = this.#addressFor(service);
    if (ip === undefined) return;
    const { namespace, name } = service.metadata;
    const path = `/api/v1/namespaces/${String(namespace)}/services/${String(name)}/status`;
    this.#services.remember(await this.#client.patch<Service>(path, 'merge', { status: { loadBalancer: { ingress: [{ ip }] } } }));
  }

  /** The address that is asked for, else the lowest; undefined if it is not to be had. */
  #addressFor({ metadata }: Service): string | undefined {
    const taken = new Set([...this.#services.values()].flatMap(({ status }) => (status?.loadBalancer?.ingress ?? []).map(({ ip }) => ip)));
    const free = simulatedAddresses.filter((address) => !taken.has(address));
    const asked = metadata.annotations?.[ADDRESS_ANNOTATION];
    return asked === undefined ? free[0] : free.find((address) => address === asked);
  }
}

const simulatedAddresses = Array.from({ length: 254 }, (_, index) => SIMULATED_PUBLIC_NETWORK.replace('0/24', String(index + 1)));

function isWaiting({ metadata, spec, status }: Service): boolean {
  const isOurs = spec.type === 'LoadBalancer' && (spec.loadBalancerClass ?? LOAD_BALANCER_CLASS) === LOAD_BALANCER_CLASS;
  return isOurs && metadata.deletionTimestamp === undefined && (status?.loadBalancer?.ingress ?? []).length === 0;
}

import { INSTANCE_ID_LABEL } from '../../api/compute/instance.ts';
import { isSameJson } from '../../kubernetes/merge-patch.ts';
import type { Service } from '../../kubernetes/resources.ts';
import type { Json } from '../../kubernetes/write.ts';
import type { Holder } from '../network-provider/public-addresses.ts';
import type { OpenPort } from './open-ports.ts';
import type { ElasticIpSettings } from './settings.ts';

/**
 * Selects nothing. A Service without a selector would not do: Kubernetes then leaves the endpoints as they are, and traffic would go on to the
 * instance that had the address last.
 */
const NOBODY = 'none';
/** A Service needs a port; discard, and nobody behind it. */
const NO_PORT: OpenPort = { protocol: 'TCP', port: 9 };

/** Where the traffic of an address goes. */
export interface Route {
  /** EC2 id of the instance. */
  instanceId: string;
  /** At least one. */
  ports: readonly OpenPort[];
}

type ServiceSpec = NonNullable<Service['spec']>;

/** What of a Service follows from the route; the rest never changes. */
type RoutedSpec = Pick<ServiceSpec, 'ports' | 'selector'>;

function routedSpecFor(route: Route | undefined): RoutedSpec {
  const ports = route?.ports ?? [NO_PORT];
  return {
    selector: { [INSTANCE_ID_LABEL]: route?.instanceId ?? NOBODY },
    ports: ports.map(({ protocol, port }) => ({ name: `${protocol.toLowerCase()}-${port}`, protocol, port, targetPort: port })),
  };
}

function annotationsFor({ asked }: Holder, { elasticIps }: ElasticIpSettings): Record<string, string> {
  const filled = Object.entries(elasticIps.annotations).map(([name, template]): [string, string | undefined] => {
    const isUnanswered = (['address', 'pool'] as const).some((field) => template.includes(`{${field}}`) && asked[field] === undefined);
    return [name, isUnanswered ? undefined : template.replaceAll('{address}', asked.address ?? '').replaceAll('{pool}', asked.pool ?? '')];
  });
  return Object.fromEntries(filled.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

/**
 * The Service that holds an address. `Local` keeps the caller's own address, by which security groups judge. Only ready pods: without probes a pod is
 * ready for as long as KubeVirt says that the guest runs in it, so during a live migration all traffic goes to the pod that has the guest. Pure.
 */
export function serviceFor(holder: Holder, route: Route | undefined, settings: ElasticIpSettings): Service {
  const { loadBalancerClass, nodePorts } = settings.elasticIps;
  const annotations = annotationsFor(holder, settings);
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: holder.name,
      ...(holder.namespace === undefined ? {} : { namespace: holder.namespace }),
      labels: holder.labels,
      ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
      ownerReferences: [holder.owner],
    },
    spec: {
      type: 'LoadBalancer',
      ...(loadBalancerClass === undefined ? {} : { loadBalancerClass }),
      allocateLoadBalancerNodePorts: nodePorts,
      externalTrafficPolicy: 'Local',
      publishNotReadyAddresses: false,
      ipFamilyPolicy: 'SingleStack',
      ipFamilies: ['IPv4'],
      ...routedSpecFor(route),
    },
  };
}

/** What to change so that the Service leads there; undefined if it does. What the API server filled in is no difference. Pure. */
export function routePatchFor(service: Service, route: Route | undefined): Json | undefined {
  const want = routedSpecFor(route);
  const ports = (service.spec?.ports ?? []).map(({ name, protocol, port, targetPort }) => ({ name, protocol, port, targetPort }));
  if (isSameJson(service.spec?.selector, want.selector) && isSameJson(ports, want.ports)) return undefined;
  const gone = Object.keys(service.spec?.selector ?? {}).filter((key) => key !== INSTANCE_ID_LABEL);
  return {
    metadata: { resourceVersion: service.metadata?.resourceVersion },
    spec: { selector: { ...Object.fromEntries(gone.map((key) => [key, null])), ...want.selector }, ports: want.ports } as unknown as Json,
  };
}

/** The IPv4 address that a load balancer has given the Service. */
export function addressOf(service: Service): string | undefined {
  return service.status?.loadBalancer?.ingress?.find(({ ip }) => ip !== undefined && ip !== '' && !ip.includes(':'))?.ip;
}

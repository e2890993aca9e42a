import { isIP } from 'node:net';
import { INSTANCES_SERVICE } from '../../api/identity/account.ts';
import { controllerReferenceTo } from '../../kubernetes/owner-reference.ts';
import { EndpointSlice, Service, type Instance } from '../../kubernetes/resources.ts';
import { hostNameOf } from '../instance/identity.ts';

/** Who keeps a slice. */
const MANAGED_BY_LABEL = 'endpointslice.kubernetes.io/managed-by';
const MANAGER = 'instance-names.kube-ec2.io';
/** As many as Kubernetes' own controller puts into one: a change writes no more than these anew. */
const ENDPOINTS_OF_SLICE = 100;

type Endpoint = NonNullable<EndpointSlice['endpoints']>[number];
type AddressType = 'IPv4' | 'IPv6';

/** Whether the slice is one of ours. */
export function isOfNames({ metadata }: EndpointSlice): boolean {
  return metadata?.labels?.[MANAGED_BY_LABEL] === MANAGER;
}

/** What the host name of an instance leads to; undefined for one without an address. */
function endpointOf(instance: Instance): Endpoint | undefined {
  const address = instance.status?.privateIpAddress;
  if (address === undefined) return undefined;
  return { addresses: [address], hostname: hostNameOf(instance), conditions: { ready: true }, targetRef: { kind: 'Instance', name: instance.metadata.name } };
}

/** What has to be done about slices: those that are new or other than they should be, and the names of those that nothing is in any more. */
export interface SliceChanges {
  apply: EndpointSlice[];
  remove: string[];
}

/**
 * Slices of the headless Service that gives instances their names. An endpoint stays in the slice where it is, so that little is written when instances come
 * and go. Pure.
 */
export function sliceChangesFor(service: Service, instances: readonly Instance[], existing: readonly EndpointSlice[]): SliceChanges {
  const changes: SliceChanges = { apply: [], remove: [] };
  const endpoints = instances.flatMap((instance) => endpointOf(instance) ?? []);
  for (const addressType of ['IPv4', 'IPv6'] as const) {
    const wanted = endpoints.filter(({ addresses: [address = ''] }) => isIP(address) === (addressType === 'IPv4' ? 4 : 6));
    const known = existing.filter((slice) => slice.addressType === addressType);
    const { apply, remove } = changesOf(service, addressType, wanted, known);
    changes.apply.push(...apply);
    changes.remove.push(...remove);
  }
  return changes;
}

function changesOf(service: Service, addressType: AddressType, wanted: readonly Endpoint[], existing: readonly EndpointSlice[]): SliceChanges {
  const left = new Map(wanted.map((endpoint) => [endpoint.targetRef?.name ?? '', endpoint]));
  const kept = existing.map((slice) => {
    const endpoints = (slice.endpoints ?? []).flatMap(({ targetRef }) => taken(left, targetRef?.name ?? ''));
    return { name: slice.metadata?.name ?? '', before: slice.endpoints ?? [], endpoints };
  });
  for (const slice of kept) while (slice.endpoints.length < ENDPOINTS_OF_SLICE && left.size > 0) slice.endpoints.push(...taken(left, left.keys().next().value ?? ''));
  const names = new Set(kept.map(({ name }) => name));
  for (let number = 0; left.size > 0; number += 1) {
    const name = `${INSTANCES_SERVICE}-${addressType.toLowerCase()}-${String(number)}`;
    if (names.has(name)) continue;
    const endpoints = [...left.keys()].slice(0, ENDPOINTS_OF_SLICE).flatMap((key) => taken(left, key));
    kept.push({ name, before: [], endpoints });
  }
  return {
    apply: kept.filter(({ before, endpoints }) => endpoints.length > 0 && !isSame(before, endpoints)).map(({ name, endpoints }) => sliceOf(service, name, addressType, endpoints)),
    remove: kept.filter(({ endpoints }) => endpoints.length === 0).map(({ name }) => name),
  };
}

/** Takes an endpoint out of the map: each is in one slice. */
function taken(left: Map<string, Endpoint>, name: string): Endpoint[] {
  const endpoint = left.get(name);
  left.delete(name);
  return endpoint === undefined ? [] : [endpoint];
}

function isSame(before: readonly Endpoint[], after: readonly Endpoint[]): boolean {
  return before.length === after.length && before.every(({ addresses, hostname, targetRef }, index) => {
    const other = after[index];
    return addresses[0] === other?.addresses[0] && hostname === other?.hostname && targetRef?.name === other?.targetRef?.name;
  });
}

function sliceOf(service: Service, name: string, addressType: AddressType, endpoints: Endpoint[]): EndpointSlice {
  return {
    apiVersion: EndpointSlice.apiVersion,
    kind: EndpointSlice.kind,
    metadata: {
      name,
      namespace: service.metadata?.namespace ?? '',
      labels: { 'kubernetes.io/service-name': service.metadata?.name ?? '', [MANAGED_BY_LABEL]: MANAGER },
      ownerReferences: [controllerReferenceTo(Service, service)],
    },
    addressType,
    endpoints,
  };
}

import type { OwnerReference } from '../../api/shared.ts';
import type { Permission } from '../../kubernetes/permission.ts';
import type { Instance, NetworkInterface } from '../../kubernetes/resources.ts';
import type { ConditionClaim } from '../../runtime/conditions.ts';
import type { ReconcileContext, WatchedResource } from '../../runtime/reconcile.ts';
import type { Objection } from '../instance/objection.ts';

/** What an address is held for. */
export interface Holder {
  /** Of what holds the address: follows from the owner's id. */
  name: string;
  namespace: string | undefined;
  owner: OwnerReference;
  labels: Record<string, string>;
  asked: { address: string | undefined; pool: string | undefined };
}

/** What an address leads to. */
export interface Destination {
  instance: Instance | undefined;
  networkInterface: NetworkInterface | undefined;
  /** EC2 id of the NAT gateway that has it: it leads out only. */
  natGatewayId?: string;
}

/** What has become of the wish for an address. */
export interface HeldAddress {
  publicIp: string | undefined;
  /** Why there is none, or what is wrong with it. */
  objection?: Objection;
  /** Whether what the security groups let in reaches the instance. */
  forwarding: Omit<ConditionClaim, 'type'>;
  /** Single ports that reach it, where not all do: tcp/22. */
  openPorts?: string[];
}

type Access = Pick<ReconcileContext, 'read' | 'live' | 'write'>;

/** What gives public addresses and leads them to machines: goes with the network provider. */
export interface PublicAddresses {
  /** Kinds of its own whose changes wake the controllers of elastic IPs and of instances. */
  readonly elasticIpWatches: readonly WatchedResource[];
  readonly instanceWatches: readonly WatchedResource[];
  /** Whether the garbage collector takes away what holds an address. If not, the owner needs a finalizer and `release`. */
  readonly goesWithOwner: boolean;
  /** Makes sure of the address, and that it leads there; without a destination it leads nowhere. */
  hold(holder: Holder, destination: Destination | undefined, access: Access): Promise<HeldAddress>;
  /** Gives the address back. `isLast`: nobody asks again, so that a cache that lags must not be trusted. */
  release(holder: Omit<Holder, 'asked'>, access: Access, isLast: boolean): Promise<void>;
}

/** Nothing is associated with the address. */
export const notAssociated: Omit<ConditionClaim, 'type'> = { status: 'False', reason: 'NotAssociated', message: 'Traffic to the address goes nowhere.' };

const inKubeOvn = (resource: string, verbs: Permission['verbs']): Permission => ({
  group: 'kubeovn.io',
  resource,
  verbs,
  reason: 'public addresses, where KUBE_EC2_NETWORK_PROVIDER is kube-ovn',
});

/** What both ways need: one generated role fits every cluster. */
export const publicAddressPermissions: readonly Permission[] = [
  { group: '', resource: 'services', verbs: ['get', 'create', 'patch', 'delete'], reason: 'the Service that holds an address' },
  ...['ovn-eips', 'ovn-fips'].map((resource) => inKubeOvn(resource, ['get', 'list', 'watch', 'create', 'delete'])),
  ...['vpcs', 'subnets'].map((resource) => inKubeOvn(resource, ['list', 'watch'])),
];

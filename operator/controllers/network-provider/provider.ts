import type { Read } from '../../kubernetes/read.ts';
import type { NatGateway, RouteTable, Subnet, Vpc } from '../../kubernetes/resources.ts';
import type { ConditionClaim } from '../../runtime/conditions.ts';
import type { ReconcileContext, WatchedResource } from '../../runtime/reconcile.ts';

/** An observation about a VPC. */
export type Claim = Omit<ConditionClaim, 'observedGeneration'>;
/** Whether traffic goes by a route table. */
export type RoutesClaim = Omit<Claim, 'type'>;

/** What lets subnets of a VPC out by one address. */
export interface NatNetwork {
  /** Kinds of its own whose changes wake the controller of NAT gateways. */
  readonly watches: readonly WatchedResource[];
  /** Lets out these subnets by the address that is held under this name, and no others; true as soon as all of them get out. */
  ensure(natGateway: NatGateway, addressName: string, subnets: readonly Subnet[], context: ReconcileContext): Promise<boolean>;
  /** Takes it away; true when nothing of it is left. */
  remove(natGateway: NatGateway, context: ReconcileContext): Promise<boolean>;
}

/** What makes the network that VPCs and subnets stand for. One is chosen for the whole cluster, by KUBE_EC2_NETWORK_PROVIDER. */
export interface NetworkProvider {
  readonly name: 'pod' | 'kube-ovn';
  /** Kinds whose changes wake the controllers of VPCs, subnets and route tables, beside those that wake them anyway. */
  readonly vpcWatches: readonly WatchedResource[];
  readonly subnetWatches: readonly WatchedResource[];
  readonly routeTableWatches: readonly WatchedResource[];
  /** Makes what carries a VPC or subnet, if it is not there as it should be; for a subnet only if it fits into its VPC. */
  ensureVpc(vpc: Vpc, context: ReconcileContext): Promise<void>;
  ensureSubnet(subnet: Subnet, vpc: Vpc, context: ReconcileContext): Promise<void>;
  /** Takes it away again, when nothing is in it any more. */
  removeVpc(vpc: Vpc, context: ReconcileContext): Promise<void>;
  removeSubnet(subnet: Subnet, context: ReconcileContext): Promise<void>;
  /** NAT gateways; undefined where there is no such thing. */
  readonly nat: NatNetwork | undefined;
  /** What it says about a VPC: isolation, and where addresses come from. */
  claimsFor(vpc: Vpc, read: Read): Claim[];
  /** Whether traffic goes by a route table. */
  routesClaimFor(table: RouteTable, read: Read): RoutesClaim;
}

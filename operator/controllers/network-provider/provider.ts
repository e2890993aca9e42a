import type { Read } from '../../kubernetes/read.ts';
import type { RouteTable, Subnet, Vpc } from '../../kubernetes/resources.ts';
import type { ConditionClaim } from '../../runtime/conditions.ts';
import type { ReconcileContext, WatchedResource } from '../../runtime/reconcile.ts';

/** An observation about a VPC. */
export type Claim = Omit<ConditionClaim, 'observedGeneration'>;
/** Whether traffic goes by a route table. */
export type RoutesClaim = Omit<Claim, 'type'>;

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
  /** What it says about a VPC: isolation, and where addresses come from. */
  claimsFor(vpc: Vpc, read: Read): Claim[];
  /** Whether traffic goes by a route table. */
  routesClaimFor(table: RouteTable, read: Read): RoutesClaim;
}

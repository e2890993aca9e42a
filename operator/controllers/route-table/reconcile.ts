import { ec2IdOf } from '../../api/ec2-id.ts';
import { RouteTableConditions, type Route, type RouteTableStatus } from '../../api/network/route-table.ts';
import type { Read } from '../../kubernetes/read.ts';
import { InternetGateway, NatGateway, type RouteTable, type Vpc } from '../../kubernetes/resources.ts';
import { setCondition } from '../../runtime/conditions.ts';
import type { Outcome, ReconcileContext } from '../../runtime/reconcile.ts';
import { accountIdOfNamespace } from '../account-of-namespace.ts';
import { vpcOfNat } from '../network-provider/kube-ovn-way-out.ts';
import type { NetworkProvider } from '../network-provider/provider.ts';
import { findVpc, namesOf } from '../vpc/find-vpc.ts';

/** Gives a table its id, and says whether what it names is there and what of it holds. */
export async function reconcile(
  table: RouteTable,
  { read, clock }: ReconcileContext,
  provider: Pick<NetworkProvider, 'routesClaimFor'>,
): Promise<Outcome<RouteTableStatus> | undefined> {
  if (table.metadata.deletionTimestamp !== undefined) return undefined;
  const { namespace, generation: observedGeneration = 0 } = table.metadata;
  const vpc = findVpc(table.spec.vpcId, namespace, read);
  const objection = objectionTo(table, vpc, read);
  const verdict = objection ?? { reason: 'Ready', message: 'What the table names is there.' };
  const ready = { type: RouteTableConditions.ready, status: objection === undefined ? 'True' : 'False', ...verdict, observedGeneration } as const;
  const enforced = { type: RouteTableConditions.enforced, ...provider.routesClaimFor(table, read), observedGeneration };
  const ownerId = accountIdOfNamespace(namespace, read);
  return {
    status: {
      routeTableId: ec2IdOf('rtb', table),
      ...(ownerId === undefined ? {} : { ownerId }),
      ...(vpc === undefined ? {} : { vpcId: ec2IdOf('vpc', vpc) }),
      observedGeneration,
      conditions: setCondition(setCondition(table.status?.conditions, ready, clock), enforced, clock),
    },
  };
}

function objectionTo(table: RouteTable, vpc: Vpc | undefined, read: Read): { reason: string; message: string } | undefined {
  if (vpc === undefined) return { reason: 'VpcNotFound', message: `Vpc ${table.spec.vpcId} does not exist in this namespace` };
  const { namespace } = table.metadata;
  const vpcNames = namesOf(vpc);
  const attached = read.list(InternetGateway, namespace).filter(({ spec }) => spec.vpcId !== undefined && vpcNames.includes(spec.vpcId));
  const names = new Set(attached.flatMap((gateway) => [gateway.metadata.name, ec2IdOf('igw', gateway)]));
  const nats = read.list(NatGateway, namespace).filter((natGateway) => vpcOfNat(natGateway, read)?.metadata.uid === vpc.metadata.uid);
  const natNames = new Set(nats.flatMap((natGateway) => [natGateway.metadata.name, ec2IdOf('nat', natGateway)]));
  const destinationOf = ({ destinationCidrBlock, destinationIpv6CidrBlock }: Route): string => destinationCidrBlock ?? destinationIpv6CidrBlock ?? '';
  const lostNat = table.spec.routes.find(({ natGatewayId }) => natGatewayId !== undefined && !natNames.has(natGatewayId));
  if (lostNat !== undefined) {
    const message = `NatGateway ${lostNat.natGatewayId ?? ''}, for ${destinationOf(lostNat)}, is not in Vpc ${vpc.metadata.name}`;
    return { reason: 'NatGatewayNotFound', message };
  }
  const lost = table.spec.routes.find(({ gatewayId }) => gatewayId !== undefined && !names.has(gatewayId));
  if (lost === undefined) return undefined;
  const message = `InternetGateway ${lost.gatewayId ?? ''}, for ${destinationOf(lost)}, is not attached to Vpc ${vpc.metadata.name}`;
  return { reason: 'GatewayNotAttached', message };
}

import { ec2IdOf } from '../../api/ec2-id.ts';
import { RouteTableConditions, type RouteTableStatus } from '../../api/network/route-table.ts';
import type { Read } from '../../kubernetes/read.ts';
import { InternetGateway, type RouteTable, type Vpc } from '../../kubernetes/resources.ts';
import { setCondition } from '../../runtime/conditions.ts';
import type { Outcome, ReconcileContext } from '../../runtime/reconcile.ts';
import { accountIdOfNamespace } from '../account-of-namespace.ts';
import type { NetworkProvider } from '../network-provider/provider.ts';
import { findVpc } from '../vpc/find-vpc.ts';

/** Gives a table its id, and says whether what it names is there and what of it holds. */
export async function reconcile(table: RouteTable, { read, clock }: ReconcileContext, provider: Pick<NetworkProvider, 'routesClaimFor'>): Promise<Outcome<RouteTableStatus> | undefined> {
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
  const vpcNames = [vpc.metadata.name, ec2IdOf('vpc', vpc)];
  const attached = read.list(InternetGateway, table.metadata.namespace).filter(({ spec }) => spec.vpcId !== undefined && vpcNames.includes(spec.vpcId));
  const names = new Set(attached.flatMap((gateway) => [gateway.metadata.name, ec2IdOf('igw', gateway)]));
  const lost = table.spec.routes.find(({ gatewayId }) => !names.has(gatewayId));
  if (lost === undefined) return undefined;
  return { reason: 'GatewayNotAttached', message: `InternetGateway ${lost.gatewayId}, for ${lost.destinationCidrBlock ?? lost.destinationIpv6CidrBlock ?? ''}, is not attached to Vpc ${vpc.metadata.name}` };
}

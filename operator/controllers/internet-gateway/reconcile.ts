import { ec2IdOf } from '../../api/ec2-id.ts';
import { InternetGatewayConditions, type InternetGatewayStatus } from '../../api/network/internet-gateway.ts';
import type { Read } from '../../kubernetes/read.ts';
import type { InternetGateway, Vpc } from '../../kubernetes/resources.ts';
import { setCondition } from '../../runtime/conditions.ts';
import type { Outcome, ReconcileContext } from '../../runtime/reconcile.ts';
import { accountIdOfNamespace } from '../account-of-namespace.ts';
import { findVpc } from '../vpc/find-vpc.ts';
import { gatewayOf } from './gateway-of.ts';

/** Gives a gateway its id, and says whether it is attached. */
export async function reconcile(gateway: InternetGateway, { read, clock }: ReconcileContext): Promise<Outcome<InternetGatewayStatus> | undefined> {
  if (gateway.metadata.deletionTimestamp !== undefined) return undefined;
  const { namespace, generation: observedGeneration = 0 } = gateway.metadata;
  const vpc = gateway.spec.vpcId === undefined ? undefined : findVpc(gateway.spec.vpcId, namespace, read);
  const objection = objectionToAttachment(gateway, vpc, read);
  const message = 'The gateway is the way of the VPC outside, for subnets whose route table leads to it. On the pod network instances get there without it too.';
  const verdict = objection ?? { reason: 'Attached', message };
  const claim = { type: InternetGatewayConditions.attached, status: objection === undefined ? 'True' : 'False', ...verdict, observedGeneration } as const;
  const ownerId = accountIdOfNamespace(namespace, read);
  return {
    status: {
      internetGatewayId: ec2IdOf('igw', gateway),
      ...(ownerId === undefined ? {} : { ownerId }),
      ...(objection !== undefined || vpc === undefined ? {} : { vpcId: ec2IdOf('vpc', vpc) }),
      observedGeneration,
      conditions: setCondition(gateway.status?.conditions, claim, clock),
    },
  };
}

function objectionToAttachment(gateway: InternetGateway, vpc: Vpc | undefined, read: Read): { reason: string; message: string } | undefined {
  const { vpcId } = gateway.spec;
  if (vpcId === undefined) return { reason: 'Detached', message: 'The gateway is attached to no VPC.' };
  if (vpc === undefined) return { reason: 'VpcNotFound', message: `Vpc ${vpcId} does not exist in this namespace` };
  const first = gatewayOf(vpc, read);
  if (first === undefined || first.metadata.uid === gateway.metadata.uid) return undefined;
  return { reason: 'AlreadyAttached', message: `Vpc ${vpc.metadata.name} has InternetGateway ${first.metadata.name} already; detach that first` };
}

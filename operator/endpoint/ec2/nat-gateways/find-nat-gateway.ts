import { ec2IdOf } from '../../../api/ec2-id.ts';
import type { Read } from '../../../kubernetes/read.ts';
import { NatGateway, type Vpc } from '../../../kubernetes/resources.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { IdKinds, requireOne } from '../ids.ts';
import { natGatewaysById, withinNamespace } from '../indexes.ts';
import { findSubnet } from '../subnets/find-subnet.ts';
import { findVpc } from '../vpcs/find-vpc.ts';

type Lookup = Pick<ReadOnlyContext, 'read' | 'caller'>;

/** A NAT gateway by name of the object or by id. */
export function findNatGateway(reference: string, namespace: string | undefined, read: Read): NatGateway | undefined {
  return read.byIndex(natGatewaysById, withinNamespace(namespace, reference))[0] ?? read.get(NatGateway, { namespace, name: reference });
}

/** @throws AwsError NatGatewayMalformed, NatGatewayNotFound */
export function requireNatGateway(id: string, { read, caller }: Lookup): NatGateway {
  return requireOne(IdKinds.natGateway, id, (wanted) => read.byIndex(natGatewaysById, withinNamespace(caller.namespace, wanted))[0]);
}

/** The VPC that a NAT gateway is in, if it is there. */
export function vpcOfNatGateway({ metadata, spec }: NatGateway, read: Read): Vpc | undefined {
  const subnet = findSubnet(spec.subnetId, metadata.namespace, read);
  return subnet && findVpc(subnet.spec.vpcId, metadata.namespace, read);
}

/** The NAT gateways of a VPC that nobody has deleted. */
export function natGatewaysOf(vpc: Vpc, read: Read): NatGateway[] {
  return read
    .list(NatGateway, vpc.metadata.namespace)
    .filter((natGateway) => natGateway.metadata.deletionTimestamp === undefined && vpcOfNatGateway(natGateway, read) === vpc);
}

/** Whether an ElasticIp, by name or id, is that of a NAT gateway that is there. */
export function natGatewayIdOf(reference: string | undefined, namespace: string | undefined, read: Read): string | undefined {
  const natGateway = reference === undefined ? undefined : findNatGateway(reference, namespace, read);
  return natGateway && ec2IdOf('nat', natGateway);
}

import { ec2IdOf } from '../../../api/ec2-id.ts';
import type { Read } from '../../../kubernetes/read.ts';
import { InternetGateway, type Vpc } from '../../../kubernetes/resources.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { IdKinds, requireOne } from '../ids.ts';
import { internetGatewaysById, withinNamespace } from '../indexes.ts';
import type { NetworkKind } from '../network-object.ts';
import { findVpc } from '../vpcs/find-vpc.ts';

type Lookup = Pick<ReadOnlyContext, 'read' | 'caller'>;

/** Internet gateways, to change and to remove. */
export const internetGatewayKind: NetworkKind<InternetGateway> = { type: InternetGateway, idKind: IdKinds.internetGateway };

/** A gateway by name of the object or by id. */
export function findGateway(reference: string, namespace: string | undefined, read: Read): InternetGateway | undefined {
  return read.byIndex(internetGatewaysById, withinNamespace(namespace, reference))[0] ?? read.get(InternetGateway, { namespace, name: reference });
}

/** @throws AwsError InvalidInternetGatewayId.Malformed, InvalidInternetGatewayID.NotFound */
export function requireGateway(gatewayId: string, { read, caller }: Lookup): InternetGateway {
  return requireOne(IdKinds.internetGateway, gatewayId, (id) => read.byIndex(internetGatewaysById, withinNamespace(caller.namespace, id))[0]);
}

/** The VPC that a gateway names, if it is there. */
export function vpcOfGateway({ metadata, spec }: InternetGateway, read: Read): Vpc | undefined {
  return spec.vpcId === undefined ? undefined : findVpc(spec.vpcId, metadata.namespace, read);
}

/** The gateway of a VPC: of several that name it the oldest. */
export function gatewayOfVpc(vpc: Vpc, read: Read): InternetGateway | undefined {
  const ageOf = (gateway: InternetGateway): string => `${gateway.metadata.creationTimestamp ?? ''}/${ec2IdOf('igw', gateway)}`;
  return read
    .list(InternetGateway, vpc.metadata.namespace)
    .filter((gateway) => vpcOfGateway(gateway, read) === vpc)
    .toSorted((left, right) => (ageOf(left) < ageOf(right) ? -1 : 1))[0];
}

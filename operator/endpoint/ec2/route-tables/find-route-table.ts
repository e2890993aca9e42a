import { ec2IdFrom, ec2IdOf } from '../../../api/ec2-id.ts';
import type { Read } from '../../../kubernetes/read.ts';
import { RouteTable, Vpc, type Subnet } from '../../../kubernetes/resources.ts';
import { AwsError } from '../../errors.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { IdKinds, requireOne } from '../ids.ts';
import { routeTablesById, withinNamespace } from '../indexes.ts';
import type { NetworkKind } from '../network-object.ts';
import { subnetsOf } from '../subnets/find-subnet.ts';
import { findVpc } from '../vpcs/find-vpc.ts';

type Lookup = Pick<ReadOnlyContext, 'read' | 'caller'>;

/** Route tables, to change and to remove. */
export const routeTableKind: NetworkKind<RouteTable> = { type: RouteTable, idKind: IdKinds.routeTable };

/** What makes a table the one of a subnet, or the main one of its VPC (no subnet). The id follows from both, so that it needs to be kept nowhere. */
export interface Association {
  id: string;
  table: RouteTable;
  vpc: Vpc;
  subnet?: Subnet;
}

/** A table by name of the object or by id. */
export function findRouteTable(reference: string, namespace: string | undefined, read: Read): RouteTable | undefined {
  return read.byIndex(routeTablesById, withinNamespace(namespace, reference))[0] ?? read.get(RouteTable, { namespace, name: reference });
}

/** @throws AwsError InvalidRouteTableId.Malformed, InvalidRouteTableID.NotFound */
export function requireRouteTable(routeTableId: string, { read, caller }: Lookup): RouteTable {
  return requireOne(IdKinds.routeTable, routeTableId, (id) => read.byIndex(routeTablesById, withinNamespace(caller.namespace, id))[0]);
}

/** The main table of a VPC: the one that its spec names, else the one that its controller made; none before that. */
export function mainRouteTableOf({ metadata: { namespace }, spec, status }: Vpc, read: Read): RouteTable | undefined {
  const named = spec.mainRouteTableId === undefined ? undefined : findRouteTable(spec.mainRouteTableId, namespace, read);
  return named ?? (status?.mainRouteTableId === undefined ? undefined : findRouteTable(status.mainRouteTableId, namespace, read));
}

/** The VPC of a table, if it is there. */
export function vpcOfTable({ metadata, spec }: RouteTable, read: Read): Vpc | undefined {
  return findVpc(spec.vpcId, metadata.namespace, read);
}

/** The association of a subnet with a table that it names; undefined if it follows the main one. */
export function associationOfSubnet(subnet: Subnet, vpc: Vpc, read: Read): Association | undefined {
  const { routeTableId } = subnet.spec;
  const table = routeTableId === undefined ? undefined : findRouteTable(routeTableId, subnet.metadata.namespace, read);
  return table && { id: idOf(subnet, table), table, vpc, subnet };
}

/** The association that makes a table the main one of a VPC. */
export function mainAssociationOf(vpc: Vpc, read: Read): Association | undefined {
  const table = mainRouteTableOf(vpc, read);
  return table && { id: idOf(vpc, table), table, vpc };
}

/** Every association with a VPC's tables. */
export function associationsOf(vpc: Vpc, read: Read): Association[] {
  return [mainAssociationOf(vpc, read) ?? [], ...subnetsOf(vpc, read).map((subnet) => associationOfSubnet(subnet, vpc, read) ?? [])].flat();
}

/** @throws AwsError InvalidAssociationID.NotFound */
export function requireAssociation(associationId: string, { read, caller }: Lookup): Association {
  for (const vpc of read.list(Vpc, caller.namespace)) {
    const found = associationsOf(vpc, read).find(({ id }) => id === associationId);
    if (found) return found;
  }
  throw new AwsError('InvalidAssociationID.NotFound', `The association ID '${associationId}' does not exist`);
}

function idOf(place: Subnet | Vpc, table: RouteTable): string {
  return ec2IdFrom('rtbassoc', `${place.metadata.uid ?? place.metadata.name}/${ec2IdOf('rtb', table)}`);
}

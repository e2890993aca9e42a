import { ec2IdOf } from '../../api/ec2-id.ts';
import { KubeOvnSubnet, type KubeOvnRoute, type KubeOvnVpc } from '../../kubernetes/kube-ovn.ts';
import type { Read } from '../../kubernetes/read.ts';
import { NatGateway, RouteTable, type Subnet, type Vpc } from '../../kubernetes/resources.ts';
import { gatewayOf } from '../internet-gateway/gateway-of.ts';
import { partIdsOf } from '../vpc/parts.ts';
import { findSubnet, findVpc, namesOf, subnetsOf } from '../vpc/find-vpc.ts';

/** Kube-OVN's name of the table of a router that subnets go by which name none. */
const MAIN_TABLE = '';

/**
 * The router's part of the way outside: for as long as an internet gateway is attached to the VPC it has a port in the external subnet, and the routes
 * that lead to the gateway lead to whatever is the gateway there. Kube-OVN makes no such route by itself.
 * @see https://kubeovn.github.io/docs/stable/en/vpc/ovn-eip-fip-snat/
 */
export function wayOutOf(vpc: Vpc, externalSubnet: string, read: Read): Required<KubeOvnVpc['spec']> {
  const nextHopIP = read.get(KubeOvnSubnet, { name: externalSubnet })?.spec.gateway;
  const gateway = gatewayOf(vpc, read);
  if (gateway === undefined || nextHopIP === undefined) return { enableExternal: false, extraExternalSubnets: [], staticRoutes: [] };
  // A NAT gateway leads outside by the same way; what it does beside is translation.
  const targets = [gateway.metadata.name, ec2IdOf('igw', gateway), ...natGatewaysOf(vpc, read).flatMap(natNamesOf)];
  const routesOf = (table: RouteTable): KubeOvnRoute[] =>
    table.spec.routes.flatMap(({ destinationCidrBlock: cidr, gatewayId, natGatewayId }) => {
      const isOutside = targets.includes(gatewayId ?? natGatewayId ?? '');
      return cidr !== undefined && isOutside ? [{ policy: 'policyDst', cidr, nextHopIP, routeTable: routerTableOf(table, vpc) }] : [];
    });
  const staticRoutes = tablesOf(vpc, read).flatMap(routesOf);
  return { enableExternal: true, extraExternalSubnets: [externalSubnet], staticRoutes };
}

/** Which of the router's tables a subnet goes by. */
export function routerTableOfSubnet({ spec }: Subnet, vpc: Vpc, read: Read): string {
  const { routeTableId } = spec;
  const table = routeTableId === undefined ? undefined : tablesOf(vpc, read).find((candidate) => referencesTo(candidate).includes(routeTableId));
  return table === undefined ? MAIN_TABLE : routerTableOf(table, vpc);
}

/** The VPC that a NAT gateway is in, by its subnet. */
export function vpcOfNat({ metadata, spec }: NatGateway, read: Read): Vpc | undefined {
  const subnet = findSubnet(spec.subnetId, metadata.namespace, read);
  return subnet && findVpc(subnet.spec.vpcId, metadata.namespace, read);
}

/** The subnets whose route table leads to a NAT gateway. */
export function subnetsRoutedTo(natGateway: NatGateway, vpc: Vpc, read: Read): Subnet[] {
  const names = natNamesOf(natGateway);
  const leading = tablesOf(vpc, read).filter(({ spec }) => spec.routes.some(({ natGatewayId }) => natGatewayId !== undefined && names.includes(natGatewayId)));
  const tables = leading.map((table) => routerTableOf(table, vpc));
  return subnetsOf(vpc, read).filter((subnet) => tables.includes(routerTableOfSubnet(subnet, vpc, read)));
}

function natGatewaysOf(vpc: Vpc, read: Read): NatGateway[] {
  return read
    .list(NatGateway, vpc.metadata.namespace)
    .filter((natGateway) => natGateway.metadata.deletionTimestamp === undefined && vpcOfNat(natGateway, read)?.metadata.uid === vpc.metadata.uid);
}

function natNamesOf(natGateway: NatGateway): string[] {
  return [natGateway.metadata.name, ec2IdOf('nat', natGateway)];
}

/** The route tables of a VPC, always in the same order. */
function tablesOf(vpc: Vpc, read: Read): RouteTable[] {
  const names = namesOf(vpc);
  return read
    .list(RouteTable, vpc.metadata.namespace)
    .filter(({ spec, metadata }) => names.includes(spec.vpcId) && metadata.deletionTimestamp === undefined)
    .toSorted((left, right) => (ec2IdOf('rtb', left) < ec2IdOf('rtb', right) ? -1 : 1));
}

function routerTableOf(table: RouteTable, vpc: Vpc): string {
  const main = vpc.spec.mainRouteTableId ?? partIdsOf(vpc).routeTable;
  return referencesTo(table).includes(main) ? MAIN_TABLE : ec2IdOf('rtb', table);
}

function referencesTo(table: RouteTable): string[] {
  return [table.metadata.name, ec2IdOf('rtb', table)];
}

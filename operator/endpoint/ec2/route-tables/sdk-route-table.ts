import type { Route as SdkRoute, RouteTable as SdkRouteTable, RouteTableAssociation } from '@aws-sdk/client-ec2';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import type { Route } from '../../../api/network/route-table.ts';
import type { Read } from '../../../kubernetes/read.ts';
import type { RouteTable, Vpc } from '../../../kubernetes/resources.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { findGateway, vpcOfGateway } from '../internet-gateways/find-gateway.ts';
import { findNatGateway, vpcOfNatGateway } from '../nat-gateways/find-nat-gateway.ts';
import { sdkTagsFrom } from '../sdk-tags.ts';
import { associationsOf, vpcOfTable, type Association } from './find-route-table.ts';

/** A table in the API's shape. @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RouteTable.html */
export function sdkRouteTableFrom(table: RouteTable, { read, caller }: Pick<ReadOnlyContext, 'read' | 'caller'>): SdkRouteTable {
  const vpc = vpcOfTable(table, read);
  const associations = vpc ? associationsOf(vpc, read).filter((association) => association.table === table) : [];
  return {
    RouteTableId: ec2IdOf('rtb', table),
    VpcId: vpc ? ec2IdOf('vpc', vpc) : table.spec.vpcId,
    OwnerId: caller.accountId,
    Routes: [...localRoutesOf(vpc), ...table.spec.routes.map((route) => sdkRouteFrom(route, table, vpc, read))],
    Associations: associations.map(sdkAssociationFrom),
    PropagatingVgws: [],
    Tags: sdkTagsFrom(table.spec.tags),
  };
}

/** The routes within a VPC: one for each of its blocks. */
export function localRoutesOf(vpc: Vpc | undefined): SdkRoute[] {
  const blocks = vpc ? [vpc.spec.cidrBlock, ...(vpc.spec.moreCidrBlocks ?? [])] : [];
  return blocks.map((cidr) => ({ DestinationCidrBlock: cidr, GatewayId: 'local', Origin: 'CreateRouteTable', State: 'active' }));
}

function sdkAssociationFrom({ id, table, subnet }: Association): RouteTableAssociation {
  return {
    RouteTableAssociationId: id,
    RouteTableId: ec2IdOf('rtb', table),
    Main: subnet === undefined,
    ...(subnet && { SubnetId: ec2IdOf('subnet', subnet) }),
    AssociationState: { State: 'associated' },
  };
}

function sdkRouteFrom(route: Route, table: RouteTable, vpc: Vpc | undefined, read: Read): SdkRoute {
  const { destinationCidrBlock, destinationIpv6CidrBlock } = route;
  const { isOpen, ...target } = targetOf(route, table, vpc, read);
  return {
    ...(destinationCidrBlock !== undefined && { DestinationCidrBlock: destinationCidrBlock }),
    ...(destinationIpv6CidrBlock !== undefined && { DestinationIpv6CidrBlock: destinationIpv6CidrBlock }),
    ...target,
    Origin: 'CreateRoute',
    State: isOpen ? 'active' : 'blackhole',
  };
}

interface RouteTarget extends Pick<SdkRoute, 'GatewayId' | 'NatGatewayId'> {
  isOpen: boolean;
}

function targetOf({ gatewayId = '', natGatewayId }: Route, table: RouteTable, vpc: Vpc | undefined, read: Read): RouteTarget {
  const { namespace } = table.metadata;
  if (natGatewayId !== undefined) {
    const natGateway = findNatGateway(natGatewayId, namespace, read);
    const isThere = natGateway !== undefined && natGateway.metadata.deletionTimestamp === undefined;
    const isOpen = isThere && vpc !== undefined && vpcOfNatGateway(natGateway, read) === vpc;
    return { NatGatewayId: natGateway ? ec2IdOf('nat', natGateway) : natGatewayId, isOpen };
  }
  const gateway = findGateway(gatewayId, namespace, read);
  const isOpen = gateway !== undefined && vpc !== undefined && vpcOfGateway(gateway, read) === vpc;
  return { GatewayId: gateway ? ec2IdOf('igw', gateway) : gatewayId, isOpen };
}

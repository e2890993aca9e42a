import type { CreateRouteRequest, ReplaceRouteRequest } from '@aws-sdk/client-ec2';
import { blockFrom, cidrOf, contains } from '../../../api/network/cidr.ts';
import { canonicalCidrFrom } from '../../../api/network/canonical-cidr.ts';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import type { Route } from '../../../api/network/route-table.ts';
import type { RouteTable } from '../../../kubernetes/resources.ts';
import { AwsError, invalidParameterValue, missingParameter } from '../../errors.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { findGateway, vpcOfGateway } from '../internet-gateways/find-gateway.ts';
import { findNatGateway, vpcOfNatGateway } from '../nat-gateways/find-nat-gateway.ts';
import { refuseUnsupported } from '../network-blocks.ts';
import { vpcOfTable } from './find-route-table.ts';

type Lookup = Pick<ReadOnlyContext, 'read' | 'caller'>;

/** What a route is for. */
export type Destination = Pick<Route, 'destinationCidrBlock' | 'destinationIpv6CidrBlock'>;

interface RequestedDestination {
  DestinationCidrBlock?: string | undefined;
  DestinationIpv6CidrBlock?: string | undefined;
  DestinationPrefixListId?: string | undefined;
}

/**
 * The destination that a request names, without bits behind the prefix.
 * @throws AwsError MissingParameter, InvalidParameterCombination, InvalidParameterValue, UnsupportedOperation - a prefix list
 */
export function requestedDestination({ DestinationCidrBlock, DestinationIpv6CidrBlock, DestinationPrefixListId }: RequestedDestination): Destination {
  refuseUnsupported({ 'Routes for prefix lists are': DestinationPrefixListId });
  if (DestinationCidrBlock && DestinationIpv6CidrBlock) {
    throw new AwsError('InvalidParameterCombination', 'The parameter destinationCidrBlock cannot be used with the parameter destinationIpv6CidrBlock');
  }
  if (DestinationIpv6CidrBlock) {
    const block = DestinationIpv6CidrBlock.includes(':') ? canonicalCidrFrom(DestinationIpv6CidrBlock) : undefined;
    if (block) return { destinationIpv6CidrBlock: block.text };
    throw invalidParameterValue('destinationIpv6CidrBlock', DestinationIpv6CidrBlock.slice(0, 64), 'This is not a valid CIDR block.');
  }
  if (!DestinationCidrBlock) throw missingParameter('destinationCidrBlock');
  const block = blockFrom(DestinationCidrBlock);
  if (block) return { destinationCidrBlock: cidrOf(block) };
  throw invalidParameterValue('destinationCidrBlock', DestinationCidrBlock.slice(0, 64), 'This is not a valid CIDR block.');
}

/** The destination as people write it. */
export function destinationTextOf({ destinationCidrBlock, destinationIpv6CidrBlock }: Destination): string {
  return destinationCidrBlock ?? destinationIpv6CidrBlock ?? '';
}

/** Whether two destinations are the same. */
export function isSameDestination(left: Destination, right: Destination): boolean {
  return destinationTextOf(left) === destinationTextOf(right);
}

/**
 * The route that a request asks for: to an internet gateway that is attached to the table's VPC, or to a NAT gateway that is in it.
 * @throws AwsError those of requestedDestination, InvalidParameterCombination, InvalidParameterValue, InvalidGatewayID.NotFound,
 *   InvalidNatGatewayID.NotFound, UnsupportedOperation
 */
export function requestedRoute(input: CreateRouteRequest | ReplaceRouteRequest, table: RouteTable, { read, caller }: Lookup): Route {
  const destination = requestedDestination(input);
  const { GatewayId, NatGatewayId, InstanceId, NetworkInterfaceId, VpcPeeringConnectionId, TransitGatewayId, EgressOnlyInternetGatewayId, ...others } = input;
  const targets = { GatewayId, NatGatewayId, InstanceId, NetworkInterfaceId, VpcPeeringConnectionId, TransitGatewayId, EgressOnlyInternetGatewayId };
  if (Object.values(targets).filter(Boolean).length > 1) throw new AwsError('InvalidParameterCombination', 'Only one target of a route can be given');
  refuseUnsupported({
    'Routes to instances are': InstanceId,
    'Routes to network interfaces are': NetworkInterfaceId,
    'Routes to peering connections are': VpcPeeringConnectionId,
    'Routes to transit gateways are': TransitGatewayId,
    'Routes to egress-only internet gateways are': EgressOnlyInternetGatewayId,
    'Routes to VPC endpoints are': 'VpcEndpointId' in others ? others.VpcEndpointId : undefined,
    'Routes to local gateways are': others.LocalGatewayId,
    'Routes to carrier gateways are': others.CarrierGatewayId,
    'Routes to core networks are': others.CoreNetworkArn,
    'Resetting a local route is': 'LocalTarget' in others ? others.LocalTarget : undefined,
  });
  if (NatGatewayId) return routeToNat(destination, NatGatewayId, table, { read, caller });
  if (!GatewayId) throw new AwsError('MissingParameter', 'The request must contain a target of the route, such as gatewayId');
  const gateway = findGateway(GatewayId, caller.namespace, read);
  if (!gateway) throw new AwsError('InvalidGatewayID.NotFound', `The gateway ID '${GatewayId}' does not exist`);
  const vpc = vpcOfTable(table, read);
  if (!vpc || vpcOfGateway(gateway, read) !== vpc) {
    throw new AwsError('InvalidParameterValue', `route table ${ec2IdOf('rtb', table)} and network gateway ${GatewayId} belong to different networks`);
  }
  requireOutside(destination, [vpc.spec.cidrBlock, ...(vpc.spec.moreCidrBlocks ?? [])]);
  return { ...destination, gatewayId: ec2IdOf('igw', gateway) };
}

function routeToNat(destination: Destination, id: string, table: RouteTable, { read, caller }: Lookup): Route {
  const natGateway = findNatGateway(id, caller.namespace, read);
  if (natGateway === undefined || natGateway.metadata.deletionTimestamp !== undefined) {
    throw new AwsError('InvalidNatGatewayID.NotFound', `The natGateway ID '${id}' does not exist`);
  }
  const vpc = vpcOfTable(table, read);
  if (!vpc || vpcOfNatGateway(natGateway, read) !== vpc) {
    throw new AwsError('InvalidParameterValue', `route table ${ec2IdOf('rtb', table)} and NAT gateway ${id} belong to different networks`);
  }
  requireOutside(destination, [vpc.spec.cidrBlock, ...(vpc.spec.moreCidrBlocks ?? [])]);
  return { ...destination, natGatewayId: ec2IdOf('nat', natGateway) };
}

function requireOutside({ destinationCidrBlock = '' }: Destination, blocks: readonly string[]): void {
  const block = blockFrom(destinationCidrBlock);
  const isInside = block !== undefined && blocks.some((cidr) => contains(blockFrom(cidr) ?? { first: 0, size: 0 }, block));
  if (!isInside) return;
  throw new AwsError(
    'InvalidParameterValue',
    `The destination CIDR block ${destinationCidrBlock} is equal to or more specific than one of this VPC's CIDR blocks. This route can target only an interface or an instance.`,
  );
}

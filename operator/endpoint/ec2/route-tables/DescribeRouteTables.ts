import type { DescribeRouteTablesRequest, DescribeRouteTablesResult, Route, RouteTable as SdkRouteTable, RouteTableAssociation } from '@aws-sdk/client-ec2';
import { RouteTable } from '../../../kubernetes/resources.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { predicateFrom, type FilterTable } from '../filters.ts';
import { forbidPagesWithIds, pageOf, pageScopeOf } from '../pages.ts';
import { requireRouteTable } from './find-route-table.ts';
import { sdkRouteTableFrom } from './sdk-route-table.ts';

interface Described {
  table: RouteTable;
  sdk: SdkRouteTable;
}

const ofRoutes = (value: (route: Route) => string | undefined) => ({ sdk }: Described) => (sdk.Routes ?? []).map(value);
const ofAssociations = (value: (association: RouteTableAssociation) => string | undefined) => ({ sdk }: Described) => (sdk.Associations ?? []).map(value);
const none = (): string[] => [];

const filterTable: FilterTable<Described> = {
  'association.gateway-id': none,
  'association.main': ofAssociations(({ Main }) => String(Main)),
  'association.route-table-association-id': ofAssociations(({ RouteTableAssociationId }) => RouteTableAssociationId),
  'association.route-table-id': ofAssociations(({ RouteTableId }) => RouteTableId),
  'association.subnet-id': ofAssociations(({ SubnetId }) => SubnetId),
  'owner-id': ({ sdk }) => [sdk.OwnerId],
  'route-table-id': ({ sdk }) => [sdk.RouteTableId],
  'route.destination-cidr-block': ofRoutes(({ DestinationCidrBlock }) => DestinationCidrBlock),
  'route.destination-ipv6-cidr-block': ofRoutes(({ DestinationIpv6CidrBlock }) => DestinationIpv6CidrBlock),
  'route.destination-prefix-list-id': none,
  'route.egress-only-internet-gateway-id': none,
  'route.gateway-id': ofRoutes(({ GatewayId }) => GatewayId),
  'route.instance-id': none,
  'route.nat-gateway-id': ofRoutes(({ NatGatewayId }) => NatGatewayId),
  'route.origin': ofRoutes(({ Origin }) => Origin),
  'route.state': ofRoutes(({ State }) => State),
  'route.transit-gateway-id': none,
  'route.vpc-peering-connection-id': none,
  'vpc-id': ({ sdk }) => [sdk.VpcId],
};

/**
 * Lists route tables, oldest first.
 * @throws AwsError InvalidRouteTableId.Malformed, InvalidRouteTableID.NotFound, InvalidParameterValue, InvalidParameterCombination, InvalidNextToken
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeRouteTables.html
 */
export async function describeRouteTables(input: DescribeRouteTablesRequest, context: ReadOnlyContext): Promise<DescribeRouteTablesResult> {
  forbidPagesWithIds('routeTableIdSet', input.RouteTableIds, input);
  const matches = predicateFrom(input.Filters, filterTable, ({ table }: Described) => table.spec.tags);
  const named = input.RouteTableIds?.length
    ? [...new Set(input.RouteTableIds)].map((id) => requireRouteTable(id, context))
    : context.read.list(RouteTable, context.caller.namespace);
  const described = named.map((table) => ({ table, sdk: sdkRouteTableFrom(table, context) })).filter(matches);
  const keyOf = ({ table, sdk }: Described): string => `${table.metadata.creationTimestamp ?? ''}/${sdk.RouteTableId ?? ''}`;
  const page = pageOf(described, input, { minimum: 5, maximum: 100 }, pageScopeOf('DescribeRouteTables', context), keyOf);
  return { RouteTables: page.items.map(({ sdk }) => sdk), ...(page.NextToken !== undefined && { NextToken: page.NextToken }) };
}

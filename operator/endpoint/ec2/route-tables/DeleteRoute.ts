import type { DeleteRouteRequest } from '@aws-sdk/client-ec2';
import type { Json } from '../../../kubernetes/write.ts';
import { AwsError, missingParameter } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { changeNetworkObject } from '../network-object.ts';
import { requireRouteTable, routeTableKind, vpcOfTable } from './find-route-table.ts';
import { destinationTextOf, isSameDestination, requestedDestination, type Destination } from './requested-route.ts';
import { localRoutesOf } from './sdk-route-table.ts';

/**
 * Takes a route out of a table; those within the VPC stay.
 * @throws AwsError MissingParameter, InvalidRouteTable*, InvalidRoute.NotFound, InvalidParameterValue - a local route
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteRoute.html
 */
export async function deleteRoute(input: DeleteRouteRequest, context: OperationContext): Promise<void> {
  if (!input.RouteTableId) throw missingParameter('RouteTableId');
  const table = requireRouteTable(input.RouteTableId, context);
  const destination = requestedDestination(input);
  const isLocal = localRoutesOf(vpcOfTable(table, context.read)).some(({ DestinationCidrBlock }) => DestinationCidrBlock === destination.destinationCidrBlock);
  if (isLocal) throw new AwsError('InvalidParameterValue', `cannot remove local route ${destinationTextOf(destination)} in route table ${input.RouteTableId}`);
  await changeNetworkObject(
    routeTableKind,
    table,
    ({ spec: { routes } }) => {
      if (!routes.some((route) => isSameDestination(route, destination))) throw noRoute(destination, input.RouteTableId ?? '');
      return { routes: routes.filter((route) => !isSameDestination(route, destination)) as unknown as Json };
    },
    context.write,
  );
}

function noRoute(destination: Destination, tableId: string): AwsError {
  const parameter = destination.destinationCidrBlock === undefined ? 'destination-ipv6-cidr-block' : 'destination-cidr-block';
  return new AwsError('InvalidRoute.NotFound', `no route with ${parameter} ${destinationTextOf(destination)} in route table ${tableId}`);
}

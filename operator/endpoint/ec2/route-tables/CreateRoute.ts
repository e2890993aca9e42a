import type { CreateRouteRequest, CreateRouteResult } from '@aws-sdk/client-ec2';
import type { Json } from '../../../kubernetes/write.ts';
import { AwsError, missingParameter } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { changeNetworkObject } from '../network-object.ts';
import { requireRouteTable, routeTableKind } from './find-route-table.ts';
import { destinationTextOf, isSameDestination, requestedRoute } from './requested-route.ts';

/** EC2's quota at its highest. */
const ROUTES_LIMIT = 1000;

/**
 * Adds a route to a table. The same route again is no error, as on EC2.
 * @throws AwsError MissingParameter, InvalidRouteTable*, RouteAlreadyExists, RouteLimitExceeded and those of requested-route.ts
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateRoute.html
 */
export async function createRoute(input: CreateRouteRequest, context: OperationContext): Promise<CreateRouteResult> {
  if (!input.RouteTableId) throw missingParameter('RouteTableId');
  const table = requireRouteTable(input.RouteTableId, context);
  const route = requestedRoute(input, table, context);
  await changeNetworkObject(
    routeTableKind,
    table,
    ({ spec: { routes } }) => {
      const existing = routes.find((other) => isSameDestination(other, route));
      if (existing && existing.gatewayId === route.gatewayId && existing.natGatewayId === route.natGatewayId) return undefined;
      if (existing) throw new AwsError('RouteAlreadyExists', `The route identified by ${destinationTextOf(route)} already exists.`);
      if (routes.length >= ROUTES_LIMIT) throw new AwsError('RouteLimitExceeded', `The maximum number of routes in a route table is ${ROUTES_LIMIT}.`);
      return { routes: [...routes, route] as unknown as Json };
    },
    context.write,
  );
  return { Return: true };
}

import type { ReplaceRouteRequest } from '@aws-sdk/client-ec2';
import type { Json } from '../../../kubernetes/write.ts';
import { AwsError, missingParameter } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { changeNetworkObject } from '../network-object.ts';
import { requireRouteTable, routeTableKind } from './find-route-table.ts';
import { destinationTextOf, isSameDestination, requestedRoute } from './requested-route.ts';

/**
 * Gives a route another target.
 * @throws AwsError MissingParameter, InvalidRouteTable*, InvalidParameterValue - no such route, and those of requested-route.ts
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ReplaceRoute.html
 */
export async function replaceRoute(input: ReplaceRouteRequest, context: OperationContext): Promise<void> {
  if (!input.RouteTableId) throw missingParameter('RouteTableId');
  const table = requireRouteTable(input.RouteTableId, context);
  const route = requestedRoute(input, table, context);
  await changeNetworkObject(
    routeTableKind,
    table,
    ({ spec: { routes } }) => {
      if (routes.some((other) => isSameDestination(other, route))) return { routes: routes.map((other) => (isSameDestination(other, route) ? route : other)) as unknown as Json };
      throw new AwsError('InvalidParameterValue', `There is no route defined for '${destinationTextOf(route)}' in the route table. Use CreateRoute instead.`);
    },
    context.write,
  );
}

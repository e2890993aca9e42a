import type { DeleteRouteTableRequest } from '@aws-sdk/client-ec2';
import { missingParameter } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { hasDependencies, removeNetworkObject } from '../network-object.ts';
import { associationsOf, requireRouteTable, routeTableKind, vpcOfTable } from './find-route-table.ts';

/**
 * Removes a table that is neither the main one of its VPC nor that of a subnet.
 * @throws AwsError MissingParameter, InvalidRouteTableId.Malformed, InvalidRouteTableID.NotFound, DependencyViolation
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteRouteTable.html
 */
export async function deleteRouteTable({ RouteTableId }: DeleteRouteTableRequest, context: OperationContext): Promise<void> {
  if (!RouteTableId) throw missingParameter('RouteTableId');
  const table = requireRouteTable(RouteTableId, context);
  const vpc = vpcOfTable(table, context.read);
  const isUsed = vpc !== undefined && associationsOf(vpc, context.read).some((association) => association.table === table);
  if (isUsed) throw hasDependencies('routeTable', RouteTableId);
  await removeNetworkObject(routeTableKind, table, context.write);
}

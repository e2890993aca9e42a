import type { DisassociateRouteTableRequest } from '@aws-sdk/client-ec2';
import { AwsError, missingParameter } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { changeNetworkObject } from '../network-object.ts';
import { subnetKind } from '../subnets/subnet-kind.ts';
import { requireAssociation } from './find-route-table.ts';

/**
 * Takes a subnet's own table away, so that it follows the main one.
 * @throws AwsError MissingParameter, InvalidAssociationID.NotFound, InvalidParameterValue - the main association
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DisassociateRouteTable.html
 */
export async function disassociateRouteTable({ AssociationId }: DisassociateRouteTableRequest, context: OperationContext): Promise<void> {
  if (!AssociationId) throw missingParameter('AssociationId');
  const { subnet } = requireAssociation(AssociationId, context);
  if (!subnet) throw new AwsError('InvalidParameterValue', `cannot disassociate the main route table association ${AssociationId}`);
  const before = subnet.spec.routeTableId;
  await changeNetworkObject(subnetKind, subnet, ({ spec }) => (spec.routeTableId === before ? { routeTableId: null } : undefined), context.write);
}

import type { ReplaceRouteTableAssociationRequest, ReplaceRouteTableAssociationResult } from '@aws-sdk/client-ec2';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import { AwsError, missingParameter } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { changeNetworkObject } from '../network-object.ts';
import { subnetKind } from '../subnets/subnet-kind.ts';
import { vpcKind } from '../vpcs/vpc-kind.ts';
import { associationOfSubnet, mainAssociationOf, requireAssociation, requireRouteTable, vpcOfTable } from './find-route-table.ts';

/**
 * Puts another table in the place of a subnet's one, or of the main one of a VPC. The association gets a new id, as on EC2.
 * @throws AwsError MissingParameter, InvalidAssociationID.NotFound, InvalidRouteTable*, InvalidParameterValue - of another VPC
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ReplaceRouteTableAssociation.html
 */
export async function replaceRouteTableAssociation(
  { AssociationId, RouteTableId }: ReplaceRouteTableAssociationRequest,
  context: OperationContext,
): Promise<ReplaceRouteTableAssociationResult> {
  if (!AssociationId) throw missingParameter('AssociationId');
  if (!RouteTableId) throw missingParameter('RouteTableId');
  const { subnet, vpc } = requireAssociation(AssociationId, context);
  const table = requireRouteTable(RouteTableId, context);
  const { read, write } = context;
  if (vpcOfTable(table, read) !== vpc) {
    const place = subnet ? `subnet ${ec2IdOf('subnet', subnet)}` : `network ${ec2IdOf('vpc', vpc)}`;
    throw new AwsError('InvalidParameterValue', `route table ${RouteTableId} and ${place} belong to different networks`);
  }
  const routeTableId = ec2IdOf('rtb', table);
  const association = subnet
    ? associationOfSubnet(await changeNetworkObject(subnetKind, subnet, () => ({ routeTableId }), write), vpc, read)
    : mainAssociationOf(await changeNetworkObject(vpcKind, vpc, () => ({ mainRouteTableId: routeTableId }), write), read);
  return { NewAssociationId: association?.id, AssociationState: { State: 'associated' } };
}

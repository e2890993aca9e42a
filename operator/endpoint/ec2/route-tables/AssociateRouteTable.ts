import type { AssociateRouteTableRequest, AssociateRouteTableResult } from '@aws-sdk/client-ec2';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import { AwsError, missingParameter } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { refuseUnsupported } from '../network-blocks.ts';
import { changeNetworkObject } from '../network-object.ts';
import { requireSubnet } from '../subnets/find-subnet.ts';
import { subnetKind } from '../subnets/subnet-kind.ts';
import { findVpc } from '../vpcs/find-vpc.ts';
import { associationOfSubnet, findRouteTable, requireRouteTable, vpcOfTable } from './find-route-table.ts';

/**
 * Makes a table that of a subnet.
 * @throws AwsError MissingParameter, InvalidRouteTable*, InvalidSubnetID.*, InvalidParameterValue - of different VPCs, Resource.AlreadyAssociated,
 *   UnsupportedOperation - a gateway
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AssociateRouteTable.html
 */
export async function associateRouteTable(input: AssociateRouteTableRequest, context: OperationContext): Promise<AssociateRouteTableResult> {
  if (!input.RouteTableId) throw missingParameter('RouteTableId');
  refuseUnsupported({ 'Associating a route table with a gateway is': input.GatewayId, 'Associating a route table with a pool of addresses is': input.PublicIpv4Pool });
  if (!input.SubnetId) throw missingParameter('SubnetId');
  const table = requireRouteTable(input.RouteTableId, context);
  const subnet = requireSubnet(input.SubnetId, context);
  const { read, caller, write } = context;
  const vpc = findVpc(subnet.spec.vpcId, caller.namespace, read);
  if (!vpc || vpcOfTable(table, read) !== vpc) {
    throw new AwsError('InvalidParameterValue', `route table ${input.RouteTableId} and subnet ${input.SubnetId} belong to different networks`);
  }
  const changed = await changeNetworkObject(
    subnetKind,
    subnet,
    ({ spec }) => {
      const present = spec.routeTableId === undefined ? undefined : findRouteTable(spec.routeTableId, caller.namespace, read);
      if (present === table) return undefined;
      if (present) throw new AwsError('Resource.AlreadyAssociated', `the specified association for route table ${ec2IdOf('rtb', table)} conflicts with an existing association`);
      return { routeTableId: ec2IdOf('rtb', table) };
    },
    write,
  );
  return { AssociationId: associationOfSubnet(changed, vpc, read)?.id, AssociationState: { State: 'associated' } };
}

import type { CreateNatGatewayRequest } from '@aws-sdk/client-ec2';
import { AwsError, missingParameter } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { requireSubnet } from '../subnets/find-subnet.ts';
import { requireVpc } from '../vpcs/find-vpc.ts';

/**
 * Refuses: the pod network leads outside by itself, from the addresses of the nodes; one address for all of a VPC it cannot give.
 * @throws AwsError MissingParameter, InvalidSubnetID.*, InvalidVpcID.*, UnsupportedOperation - always, in the end
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNatGateway.html
 */
export async function createNatGateway({ SubnetId, VpcId }: CreateNatGatewayRequest, context: OperationContext): Promise<never> {
  if (!SubnetId && !VpcId) throw missingParameter('SubnetId');
  if (SubnetId) requireSubnet(SubnetId, context);
  if (VpcId) requireVpc(VpcId, context);
  throw new AwsError('UnsupportedOperation', 'NAT gateways are not supported: instances reach the world outside by the pod network, from the addresses of their nodes.');
}

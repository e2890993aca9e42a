import type { CreateEgressOnlyInternetGatewayRequest } from '@aws-sdk/client-ec2';
import { AwsError, missingParameter } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { requireVpc } from '../vpcs/find-vpc.ts';

/**
 * Refuses: VPCs have no IPv6 blocks.
 * @throws AwsError MissingParameter, InvalidVpcID.*, UnsupportedOperation - always, in the end
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateEgressOnlyInternetGateway.html
 */
export async function createEgressOnlyInternetGateway({ VpcId }: CreateEgressOnlyInternetGatewayRequest, context: OperationContext): Promise<never> {
  if (!VpcId) throw missingParameter('VpcId');
  requireVpc(VpcId, context);
  throw new AwsError('UnsupportedOperation', 'Egress-only internet gateways are not supported: VPCs have no IPv6 blocks.');
}

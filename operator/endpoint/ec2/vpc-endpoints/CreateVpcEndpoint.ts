import type { CreateVpcEndpointRequest } from '@aws-sdk/client-ec2';
import { AwsError, missingParameter } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { requireVpc } from '../vpcs/find-vpc.ts';

/**
 * Refuses: there are no services of AWS that a VPC could be connected with.
 * @throws AwsError MissingParameter, InvalidVpcID.*, InvalidServiceName - always, in the end
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpcEndpoint.html
 */
export async function createVpcEndpoint({ VpcId, ServiceName }: CreateVpcEndpointRequest, context: OperationContext): Promise<never> {
  if (!VpcId) throw missingParameter('VpcId');
  requireVpc(VpcId, context);
  throw new AwsError('InvalidServiceName', `The Vpc Endpoint Service '${ServiceName ?? ''}' does not exist`);
}

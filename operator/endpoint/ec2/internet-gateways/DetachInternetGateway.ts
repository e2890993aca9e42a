import type { DetachInternetGatewayRequest } from '@aws-sdk/client-ec2';
import { AwsError, missingParameter } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { requireNoPublicAddresses } from '../addresses/way-out.ts';
import { changeNetworkObject } from '../network-object.ts';
import { findVpc, requireVpc } from '../vpcs/find-vpc.ts';
import { internetGatewayKind, requireGateway } from './find-gateway.ts';

/**
 * Detaches a gateway from its VPC.
 * @throws AwsError MissingParameter, InvalidInternetGateway*, InvalidVpcID.*, Gateway.NotAttached, DependencyViolation
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DetachInternetGateway.html
 */
export async function detachInternetGateway({ InternetGatewayId, VpcId }: DetachInternetGatewayRequest, context: OperationContext): Promise<void> {
  if (!InternetGatewayId) throw missingParameter('InternetGatewayId');
  if (!VpcId) throw missingParameter('VpcId');
  const gateway = requireGateway(InternetGatewayId, context);
  const vpc = requireVpc(VpcId, context);
  requireNoPublicAddresses(vpc, context);
  const { read, caller, write } = context;
  await changeNetworkObject(
    internetGatewayKind,
    gateway,
    ({ spec }) => {
      if (spec.vpcId !== undefined && findVpc(spec.vpcId, caller.namespace, read) === vpc) return { vpcId: null };
      throw new AwsError('Gateway.NotAttached', `resource ${InternetGatewayId} is not attached to network ${VpcId}`);
    },
    write,
  );
}

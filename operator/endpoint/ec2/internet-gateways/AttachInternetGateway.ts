import type { AttachInternetGatewayRequest } from '@aws-sdk/client-ec2';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import { AwsError, missingParameter } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { changeNetworkObject } from '../network-object.ts';
import { findVpc, requireVpc } from '../vpcs/find-vpc.ts';
import { gatewayOfVpc, internetGatewayKind, requireGateway } from './find-gateway.ts';

/**
 * Attaches a gateway to a VPC that has none.
 * @throws AwsError MissingParameter, InvalidInternetGateway*, InvalidVpcID.*, Resource.AlreadyAssociated, InvalidParameterValue
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AttachInternetGateway.html
 */
export async function attachInternetGateway({ InternetGatewayId, VpcId }: AttachInternetGatewayRequest, context: OperationContext): Promise<void> {
  if (!InternetGatewayId) throw missingParameter('InternetGatewayId');
  if (!VpcId) throw missingParameter('VpcId');
  const gateway = requireGateway(InternetGatewayId, context);
  const vpc = requireVpc(VpcId, context);
  const vpcId = ec2IdOf('vpc', vpc);
  const { read, caller, write } = context;
  const other = gatewayOfVpc(vpc, read);
  if (other && other !== gateway) throw new AwsError('InvalidParameterValue', `Network ${vpcId} already has an internet gateway attached`);
  await changeNetworkObject(
    internetGatewayKind,
    gateway,
    ({ spec }) => {
      const present = spec.vpcId === undefined ? undefined : findVpc(spec.vpcId, caller.namespace, read);
      if (present) throw new AwsError('Resource.AlreadyAssociated', `resource ${InternetGatewayId} is already attached to network ${ec2IdOf('vpc', present)}`);
      return { vpcId };
    },
    write,
  );
}

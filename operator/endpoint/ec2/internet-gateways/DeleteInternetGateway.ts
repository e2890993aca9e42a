import type { DeleteInternetGatewayRequest } from '@aws-sdk/client-ec2';
import { missingParameter } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { hasDependencies, removeNetworkObject } from '../network-object.ts';
import { internetGatewayKind, requireGateway, vpcOfGateway } from './find-gateway.ts';

/**
 * Removes a gateway that is not attached.
 * @throws AwsError MissingParameter, InvalidInternetGatewayId.Malformed, InvalidInternetGatewayID.NotFound, DependencyViolation
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteInternetGateway.html
 */
export async function deleteInternetGateway({ InternetGatewayId }: DeleteInternetGatewayRequest, context: OperationContext): Promise<void> {
  if (!InternetGatewayId) throw missingParameter('InternetGatewayId');
  const gateway = requireGateway(InternetGatewayId, context);
  if (vpcOfGateway(gateway, context.read)) throw hasDependencies('internetGateway', InternetGatewayId);
  await removeNetworkObject(internetGatewayKind, gateway, context.write);
}

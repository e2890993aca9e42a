import type { DeleteNatGatewayRequest, DeleteNatGatewayResult } from '@aws-sdk/client-ec2';
import { missingParameter } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { removeNetworkObject } from '../network-object.ts';
import { NatGateway } from '../../../kubernetes/resources.ts';
import { requireNatGateway } from './find-nat-gateway.ts';

/**
 * Takes a NAT gateway away. It is `deleting` until subnets do not get out by it any more, then gone; routes to it lead nowhere, its address is free.
 * @throws AwsError MissingParameter, NatGatewayMalformed, NatGatewayNotFound
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteNatGateway.html
 */
export async function deleteNatGateway({ NatGatewayId }: DeleteNatGatewayRequest, context: OperationContext): Promise<DeleteNatGatewayResult> {
  if (!NatGatewayId) throw missingParameter('NatGatewayId');
  const natGateway = requireNatGateway(NatGatewayId, context);
  if (natGateway.metadata.deletionTimestamp === undefined) await removeNetworkObject({ type: NatGateway }, natGateway, context.write);
  return { NatGatewayId };
}

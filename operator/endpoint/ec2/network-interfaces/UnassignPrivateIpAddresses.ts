import type { UnassignPrivateIpAddressesRequest } from '@aws-sdk/client-ec2';
import { AwsError } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { requireInterface } from './find-interface.ts';

/**
 * Refuses: an interface has its primary address only, which cannot be taken away.
 * @throws AwsError InvalidNetworkInterfaceID.NotFound, InvalidParameterValue
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_UnassignPrivateIpAddresses.html
 */
export async function unassignPrivateIpAddresses({ NetworkInterfaceId = '', PrivateIpAddresses = [] }: UnassignPrivateIpAddressesRequest, context: OperationContext): Promise<void> {
  const { id } = requireInterface(NetworkInterfaceId, context);
  throw new AwsError('InvalidParameterValue', `Some of the specified addresses are not assigned to interface ${id} as secondary ones: ${PrivateIpAddresses.join(', ')}`);
}

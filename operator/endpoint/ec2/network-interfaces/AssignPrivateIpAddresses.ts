import type { AssignPrivateIpAddressesRequest, AssignPrivateIpAddressesResult } from '@aws-sdk/client-ec2';
import { AwsError } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { requireInterface } from './find-interface.ts';

/**
 * Refuses, as EC2 does when an interface has all the addresses that it can have: a pod has one.
 * @throws AwsError InvalidNetworkInterfaceID.NotFound, PrivateIpAddressLimitExceeded
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AssignPrivateIpAddresses.html
 */
export async function assignPrivateIpAddresses({ NetworkInterfaceId = '' }: AssignPrivateIpAddressesRequest, context: OperationContext): Promise<AssignPrivateIpAddressesResult> {
  requireInterface(NetworkInterfaceId, context);
  throw new AwsError('PrivateIpAddressLimitExceeded', 'Number of private addresses will exceed limit.');
}

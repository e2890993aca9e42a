import type { ModifyPrivateDnsNameOptionsRequest, ModifyPrivateDnsNameOptionsResult } from '@aws-sdk/client-ec2';
import { AwsError } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { requireLiving } from './require-living.ts';

/**
 * Confirms what is so for every instance: a name made of its id, with an A record. Other private DNS names cannot be had.
 * @throws AwsError InvalidInstanceID.*, IncorrectInstanceState, InvalidParameterCombination, UnsupportedOperation
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyPrivateDnsNameOptions.html
 */
export async function modifyPrivateDnsNameOptions(
  { InstanceId, PrivateDnsHostnameType, EnableResourceNameDnsARecord, EnableResourceNameDnsAAAARecord }: ModifyPrivateDnsNameOptionsRequest,
  context: OperationContext,
): Promise<ModifyPrivateDnsNameOptionsResult> {
  const asked = [PrivateDnsHostnameType, EnableResourceNameDnsARecord, EnableResourceNameDnsAAAARecord];
  if (asked.every((value) => value === undefined)) throw new AwsError('InvalidParameterCombination', 'No attributes specified.');
  requireLiving(InstanceId, context);
  const isOtherName = PrivateDnsHostnameType !== undefined && PrivateDnsHostnameType !== 'resource-name';
  if (isOtherName || EnableResourceNameDnsARecord === false || EnableResourceNameDnsAAAARecord) {
    throw new AwsError('UnsupportedOperation', 'Private DNS names other than the resource name with an A record are not supported.');
  }
  return { Return: true };
}

import type { GetInstanceUefiDataRequest, GetInstanceUefiDataResult } from '@aws-sdk/client-ec2';
import { AwsError } from '../../errors.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { requireInstance } from './find-instances.ts';

/**
 * Refuses, as EC2 does for instances that keep no UEFI variables: here none does, the variable store is made anew at each start.
 * @throws AwsError InvalidInstanceID.*, UnsupportedOperation
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetInstanceUefiData.html
 */
export async function getInstanceUefiData({ InstanceId }: GetInstanceUefiDataRequest, context: ReadOnlyContext): Promise<GetInstanceUefiDataResult> {
  requireInstance(InstanceId ?? '', context);
  throw new AwsError('UnsupportedOperation', 'The instance does not have a persistent UEFI variable store.');
}

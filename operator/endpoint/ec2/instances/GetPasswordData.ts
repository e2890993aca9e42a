import type { GetPasswordDataRequest, GetPasswordDataResult } from '@aws-sdk/client-ec2';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { requireInstance } from './find-instances.ts';
import { launchTimeOf } from './sdk-instance.ts';

/**
 * Tells that there is no encrypted administrator password: EC2's own answer for guests that have not generated one. No guest can hand one over here,
 * so it stays so.
 * @throws AwsError InvalidInstanceID.*
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetPasswordData.html
 */
export async function getPasswordData(input: GetPasswordDataRequest, context: ReadOnlyContext): Promise<GetPasswordDataResult> {
  const instance = requireInstance(input.InstanceId ?? '', context);
  return { InstanceId: ec2IdOf('i', instance), Timestamp: new Date(launchTimeOf(instance)), PasswordData: '' };
}

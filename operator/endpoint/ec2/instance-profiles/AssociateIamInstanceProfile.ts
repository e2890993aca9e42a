import type { AssociateIamInstanceProfileRequest, AssociateIamInstanceProfileResult } from '@aws-sdk/client-ec2';
import { missingParameter } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { requireInstance } from '../instances/find-instances.ts';
import { associate } from './change-profile.ts';
import { requestedProfile } from './find-profile.ts';

/**
 * Gives an instance that has none an instance profile.
 * @throws AwsError InvalidInstanceID.*, InvalidParameterValue, IncorrectState, IncorrectInstanceState, UnauthorizedOperation
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AssociateIamInstanceProfile.html
 */
export async function associateIamInstanceProfile(
  { InstanceId, IamInstanceProfile }: AssociateIamInstanceProfileRequest,
  context: OperationContext,
): Promise<AssociateIamInstanceProfileResult> {
  const instance = requireInstance(InstanceId ?? '', context);
  const profile = requestedProfile(IamInstanceProfile, context);
  if (!profile) throw missingParameter('IamInstanceProfile');
  return { IamInstanceProfileAssociation: await associate(instance, profile, context) };
}

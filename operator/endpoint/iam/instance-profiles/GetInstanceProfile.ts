import type { GetInstanceProfileRequest, GetInstanceProfileResponse } from '@aws-sdk/client-iam';
import type { ReadOnlyContext } from '../../operation.ts';
import { findInstanceProfile, sdkInstanceProfileFrom } from '../entities.ts';

/**
 * Shows an instance profile with its role.
 * @throws AwsError NoSuchEntity
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetInstanceProfile.html
 */
export async function getInstanceProfile(input: GetInstanceProfileRequest, context: ReadOnlyContext): Promise<GetInstanceProfileResponse> {
  return { InstanceProfile: sdkInstanceProfileFrom(findInstanceProfile(input.InstanceProfileName ?? '', context), context) };
}

import type { ListInstanceProfilesRequest, ListInstanceProfilesResponse } from '@aws-sdk/client-iam';
import { instanceProfileNameOf } from '../../../api/identity/instance-profile.ts';
import { InstanceProfile } from '../../../kubernetes/resources.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { sdkInstanceProfileFrom } from '../entities.ts';
import { markerPageOf } from '../pages.ts';

/**
 * Lists the instance profiles of the account.
 * @throws AwsError ValidationError
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListInstanceProfiles.html
 */
export async function listInstanceProfiles(input: ListInstanceProfilesRequest, context: ReadOnlyContext): Promise<ListInstanceProfilesResponse> {
  const profiles = context.read.list(InstanceProfile, context.caller.namespace).filter(({ spec }) => spec.path.startsWith(input.PathPrefix ?? '/'));
  const { items, position } = markerPageOf('ListInstanceProfiles', profiles, input, context, (profile) => instanceProfileNameOf(profile).toLowerCase());
  return { InstanceProfiles: items.map((profile) => sdkInstanceProfileFrom(profile, context)), ...position };
}

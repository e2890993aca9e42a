import type { CreateInstanceProfileRequest, CreateInstanceProfileResponse } from '@aws-sdk/client-iam';
import { InstanceProfileDefinition } from '../../../api/identity/instance-profile.ts';
import { InstanceProfile } from '../../../kubernetes/resources.ts';
import type { OperationContext } from '../../operation.ts';
import { createEntity, entityAlreadyExists, entityObjectName, hasInstanceProfile, nameFrom, pathFrom, sdkInstanceProfileFrom, tagsFrom } from '../entities.ts';

/**
 * Makes an instance profile, empty at first.
 * @throws AwsError EntityAlreadyExists, ValidationError, InvalidInput
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateInstanceProfile.html
 */
export async function createInstanceProfile(input: CreateInstanceProfileRequest, context: OperationContext): Promise<CreateInstanceProfileResponse> {
  const instanceProfileName = nameFrom(input.InstanceProfileName, 'instanceProfileName', 128);
  const { apiVersion, kind, spec } = InstanceProfileDefinition;
  const profile: InstanceProfile = {
    apiVersion,
    kind,
    metadata: { namespace: context.caller.namespace, name: entityObjectName(instanceProfileName) },
    spec: spec.parse({ instanceProfileName, path: pathFrom(input.Path), ...tagsFrom(input.Tags) }),
  };
  const what = `Instance Profile ${instanceProfileName}`;
  if (hasInstanceProfile(instanceProfileName, context)) throw entityAlreadyExists(what);
  const created = await createEntity(InstanceProfile, profile, what, context);
  return { InstanceProfile: sdkInstanceProfileFrom(created, context) };
}

import type { CreateUserRequest, CreateUserResponse } from '@aws-sdk/client-iam';
import { IamUserDefinition } from '../../../api/identity/iam-user.ts';
import { IamUser } from '../../../kubernetes/resources.ts';
import { AwsError } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { createEntity, entityAlreadyExists, entityObjectName, hasUser, nameFrom, pathFrom, sdkUserFrom, tagsFrom } from '../entities.ts';

/**
 * Makes a user: without keys and without rights.
 * @throws AwsError EntityAlreadyExists, ValidationError, InvalidInput
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateUser.html
 */
export async function createUser(input: CreateUserRequest, context: OperationContext): Promise<CreateUserResponse> {
  if (input.PermissionsBoundary !== undefined) throw new AwsError('ValidationError', 'PermissionsBoundary is not supported here: it could not be enforced.');
  const userName = nameFrom(input.UserName, 'userName', 64);
  const { apiVersion, kind, spec } = IamUserDefinition;
  const user: IamUser = {
    apiVersion,
    kind,
    metadata: { namespace: context.caller.namespace, name: entityObjectName(userName) },
    spec: spec.parse({ userName, path: pathFrom(input.Path), ...tagsFrom(input.Tags) }),
  };
  const what = `User with name ${userName}`;
  if (hasUser(userName, context)) throw entityAlreadyExists(what);
  const created = await createEntity(IamUser, user, what, context);
  return { User: sdkUserFrom(created, context.caller.accountId) };
}

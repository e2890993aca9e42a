import type { CreateRoleRequest, CreateRoleResponse } from '@aws-sdk/client-iam';
import { IamRoleDefinition } from '../../../api/identity/iam-role.ts';
import { IamRole } from '../../../kubernetes/resources.ts';
import { AwsError } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { createEntity, entityAlreadyExists, entityObjectName, hasRole, nameFrom, pathFrom, sdkRoleFrom, tagsFrom } from '../entities.ts';
import { principalsOfTrustPolicy } from '../policy-document.ts';

/**
 * Makes a role and says who may assume it.
 * @throws AwsError EntityAlreadyExists, MalformedPolicyDocument, ValidationError, InvalidInput
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
 */
export async function createRole(input: CreateRoleRequest, context: OperationContext): Promise<CreateRoleResponse> {
  const { AssumeRolePolicyDocument: document = '', Description: description, MaxSessionDuration: maxSessionDuration = 3600 } = input;
  if (input.PermissionsBoundary !== undefined) throw new AwsError('ValidationError', 'PermissionsBoundary is not supported here: it could not be enforced.');
  if (maxSessionDuration < 3600 || maxSessionDuration > 43200) throw new AwsError('ValidationError', `Value '${String(maxSessionDuration)}' at 'maxSessionDuration' must be between 3600 and 43200`);
  const roleName = nameFrom(input.RoleName, 'roleName', 64);
  const { apiVersion, kind, spec } = IamRoleDefinition;
  const role: IamRole = {
    apiVersion,
    kind,
    metadata: { namespace: context.caller.namespace, name: entityObjectName(roleName) },
    spec: spec.parse({
      roleName,
      path: pathFrom(input.Path),
      maxSessionDuration,
      assumeRolePolicyDocument: document,
      trustedPrincipals: principalsOfTrustPolicy(document),
      ...(description !== undefined && { description: description.slice(0, 1000) }),
      ...tagsFrom(input.Tags),
    }),
  };
  const what = `Role with name ${roleName}`;
  if (hasRole(roleName, context)) throw entityAlreadyExists(what);
  const created = await createEntity(IamRole, role, what, context);
  return { Role: sdkRoleFrom(created, context.caller.accountId) };
}

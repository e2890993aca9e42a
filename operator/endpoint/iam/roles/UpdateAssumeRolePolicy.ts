import type { UpdateAssumeRolePolicyRequest } from '@aws-sdk/client-iam';
import { IamRole } from '../../../kubernetes/resources.ts';
import type { OperationContext } from '../../operation.ts';
import { changeEntity, findRole } from '../entities.ts';
import { principalsOfTrustPolicy } from '../policy-document.ts';

/**
 * Says anew who may assume a role.
 * @throws AwsError NoSuchEntity, MalformedPolicyDocument
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAssumeRolePolicy.html
 */
export async function updateAssumeRolePolicy(input: UpdateAssumeRolePolicyRequest, context: OperationContext): Promise<void> {
  const role = findRole(input.RoleName ?? '', context);
  const document = input.PolicyDocument ?? '';
  await changeEntity(IamRole, role, { assumeRolePolicyDocument: document, trustedPrincipals: principalsOfTrustPolicy(document) }, context);
}

import type { AttachRolePolicyRequest } from '@aws-sdk/client-iam';
import type { OperationContext } from '../../operation.ts';
import { findRole } from '../entities.ts';
import { attachPolicy } from '../identity-policies.ts';

/**
 * Attaches a managed policy to a role: one of those of AWS that are known here.
 * @throws AwsError NoSuchEntity, LimitExceeded
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachRolePolicy.html
 */
export async function attachRolePolicy(input: AttachRolePolicyRequest, context: OperationContext): Promise<void> {
  await attachPolicy(findRole(input.RoleName ?? '', context), input.PolicyArn ?? '', context);
}

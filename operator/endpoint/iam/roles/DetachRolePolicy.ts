import type { DetachRolePolicyRequest } from '@aws-sdk/client-iam';
import type { OperationContext } from '../../operation.ts';
import { findRole } from '../entities.ts';
import { detachPolicy } from '../identity-policies.ts';

/**
 * Detaches a managed policy from a role.
 * @throws AwsError NoSuchEntity
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_DetachRolePolicy.html
 */
export async function detachRolePolicy(input: DetachRolePolicyRequest, context: OperationContext): Promise<void> {
  await detachPolicy(findRole(input.RoleName ?? '', context), input.PolicyArn ?? '', context);
}

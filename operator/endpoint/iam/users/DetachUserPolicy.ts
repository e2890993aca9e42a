import type { DetachUserPolicyRequest } from '@aws-sdk/client-iam';
import type { OperationContext } from '../../operation.ts';
import { findUser } from '../entities.ts';
import { detachPolicy } from '../identity-policies.ts';

/**
 * Detaches a managed policy from a user.
 * @throws AwsError NoSuchEntity
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_DetachUserPolicy.html
 */
export async function detachUserPolicy(input: DetachUserPolicyRequest, context: OperationContext): Promise<void> {
  await detachPolicy(findUser(input.UserName ?? '', context), input.PolicyArn ?? '', context);
}

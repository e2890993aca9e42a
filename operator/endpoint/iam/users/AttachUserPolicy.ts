import type { AttachUserPolicyRequest } from '@aws-sdk/client-iam';
import type { OperationContext } from '../../operation.ts';
import { findUser } from '../entities.ts';
import { attachPolicy } from '../identity-policies.ts';

/**
 * Attaches a managed policy to a user: one of those of AWS that are known here.
 * @throws AwsError NoSuchEntity, LimitExceeded
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachUserPolicy.html
 */
export async function attachUserPolicy(input: AttachUserPolicyRequest, context: OperationContext): Promise<void> {
  await attachPolicy(findUser(input.UserName ?? '', context), input.PolicyArn ?? '', context);
}

import type { PutUserPolicyRequest } from '@aws-sdk/client-iam';
import type { OperationContext } from '../../operation.ts';
import { findUser } from '../entities.ts';
import { putInlinePolicy } from '../identity-policies.ts';

/**
 * Writes an inline policy of a user; what cannot be enforced is refused.
 * @throws AwsError NoSuchEntity, MalformedPolicyDocument, LimitExceeded
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutUserPolicy.html
 */
export async function putUserPolicy(input: PutUserPolicyRequest, context: OperationContext): Promise<void> {
  await putInlinePolicy(findUser(input.UserName ?? '', context), input.PolicyName, input.PolicyDocument ?? '', context);
}

import type { GetUserPolicyRequest, GetUserPolicyResponse } from '@aws-sdk/client-iam';
import { userNameOf } from '../../../api/identity/iam-user.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { findUser } from '../entities.ts';
import { inlinePolicyOf } from '../identity-policies.ts';

/**
 * Shows an inline policy of a user.
 * @throws AwsError NoSuchEntity
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetUserPolicy.html
 */
export async function getUserPolicy(input: GetUserPolicyRequest, context: ReadOnlyContext): Promise<GetUserPolicyResponse> {
  const user = findUser(input.UserName ?? '', context);
  const { name, document } = inlinePolicyOf(user, input.PolicyName);
  return { UserName: userNameOf(user), PolicyName: name, PolicyDocument: document };
}

import type { ListAttachedUserPoliciesRequest, ListAttachedUserPoliciesResponse } from '@aws-sdk/client-iam';
import type { ReadOnlyContext } from '../../operation.ts';
import { findUser } from '../entities.ts';
import { managedPolicyName } from '../managed-policies.ts';
import { markerPageOf } from '../pages.ts';

/**
 * Lists the managed policies that are attached to a user.
 * @throws AwsError NoSuchEntity, ValidationError
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAttachedUserPolicies.html
 */
export async function listAttachedUserPolicies(input: ListAttachedUserPoliciesRequest, context: ReadOnlyContext): Promise<ListAttachedUserPoliciesResponse> {
  const prefix = `arn:aws:iam::aws:policy${input.PathPrefix ?? '/'}`;
  const arns = findUser(input.UserName ?? '', context).spec.attachedPolicies.map(({ arn }) => arn).filter((arn) => arn.startsWith(prefix));
  const { items, position } = markerPageOf('ListAttachedUserPolicies', arns, input, context, (arn) => arn);
  return { AttachedPolicies: items.map((arn) => ({ PolicyArn: arn, PolicyName: managedPolicyName(arn) ?? arn })), ...position };
}

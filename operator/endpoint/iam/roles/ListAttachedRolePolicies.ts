import type { ListAttachedRolePoliciesRequest, ListAttachedRolePoliciesResponse } from '@aws-sdk/client-iam';
import type { ReadOnlyContext } from '../../operation.ts';
import { findRole } from '../entities.ts';
import { managedPolicyName } from '../managed-policies.ts';
import { markerPageOf } from '../pages.ts';

/**
 * Lists the managed policies that are attached to a role.
 * @throws AwsError NoSuchEntity, ValidationError
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAttachedRolePolicies.html
 */
export async function listAttachedRolePolicies(input: ListAttachedRolePoliciesRequest, context: ReadOnlyContext): Promise<ListAttachedRolePoliciesResponse> {
  const prefix = `arn:aws:iam::aws:policy${input.PathPrefix ?? '/'}`;
  const arns = findRole(input.RoleName ?? '', context).spec.attachedPolicies.map(({ arn }) => arn).filter((arn) => arn.startsWith(prefix));
  const { items, position } = markerPageOf('ListAttachedRolePolicies', arns, input, context, (arn) => arn);
  return { AttachedPolicies: items.map((arn) => ({ PolicyArn: arn, PolicyName: managedPolicyName(arn) ?? arn })), ...position };
}

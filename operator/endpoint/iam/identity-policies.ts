import type { IamInlinePolicy } from '../../api/identity/iam-identity.ts';
import { roleNameOf } from '../../api/identity/iam-role.ts';
import { userNameOf } from '../../api/identity/iam-user.ts';
import { IamRole, IamUser } from '../../kubernetes/resources.ts';
import { AwsError } from '../errors.ts';
import type { OperationContext } from '../operation.ts';
import { changeEntity, nameFrom, noSuchEntity } from './entities.ts';
import { managedPolicy } from './managed-policies.ts';
import { meaningOfPolicy } from './policy-document.ts';

/** Users and roles have their policies in the same way. */
export type Identity = IamUser | IamRole;

/** Adds or replaces an inline policy. @throws AwsError MalformedPolicyDocument, LimitExceeded, ValidationError */
export async function putInlinePolicy(identity: Identity, policyName: string | undefined, document: string, context: OperationContext): Promise<void> {
  const name = nameFrom(policyName, 'policyName', 128);
  const policy: IamInlinePolicy = { name, document, ...meaningOfPolicy(document, context.caller.accountId) };
  const others = identity.spec.inlinePolicies.filter((other) => other.name !== name);
  // IAM's own limit on the text of all inline policies of a role; that of users is lower.
  const length = [...others, policy].reduce((sum, { document: text = '' }) => sum + text.replaceAll(/\s/g, '').length, 0);
  if (length > 10_240 || others.length >= 50) throw new AwsError('LimitExceeded', 'Maximum policy size of 10240 bytes exceeded.', { status: 409 });
  await change(identity, { inlinePolicies: [...others, policy] }, context);
}

/** Removes an inline policy. @throws AwsError NoSuchEntity */
export async function deleteInlinePolicy(identity: Identity, policyName: string | undefined, context: OperationContext): Promise<void> {
  inlinePolicyOf(identity, policyName);
  await change(identity, { inlinePolicies: identity.spec.inlinePolicies.filter(({ name }) => name !== policyName) }, context);
}

/** An inline policy, its document URL-encoded as IAM shows it. @throws AwsError NoSuchEntity */
export function inlinePolicyOf(identity: Identity, policyName: string | undefined): { name: string; document: string } {
  const policy = identity.spec.inlinePolicies.find(({ name }) => name === policyName);
  if (policy === undefined) throw noSuchEntity(`The policy with name ${policyName ?? ''} of ${nameOf(identity)}`);
  return { name: policy.name, document: encodeURIComponent(policy.document ?? documentOf(policy)) };
}

/** Attaches a managed policy; attached already is what was asked for. @throws AwsError NoSuchEntity, LimitExceeded */
export async function attachPolicy(identity: Identity, arn: string, context: OperationContext): Promise<void> {
  const policy = managedPolicy(arn);
  const others = identity.spec.attachedPolicies.filter((other) => other.arn !== arn);
  if (others.length >= 20) throw new AwsError('LimitExceeded', `Cannot exceed quota for PoliciesPerIdentity of ${nameOf(identity)}: 20`, { status: 409 });
  await change(identity, { attachedPolicies: [...others, policy] }, context);
}

/** Detaches a managed policy. @throws AwsError NoSuchEntity */
export async function detachPolicy(identity: Identity, arn: string, context: OperationContext): Promise<void> {
  const others = identity.spec.attachedPolicies.filter((other) => other.arn !== arn);
  if (others.length === identity.spec.attachedPolicies.length) throw noSuchEntity(`Policy ${arn} of ${nameOf(identity)}`);
  await change(identity, { attachedPolicies: others }, context);
}

/** Something that was written with kubectl, without a document: the document that says the same. */
function documentOf({ actions }: IamInlinePolicy): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] });
}

async function change(identity: Identity, spec: Partial<Pick<Identity['spec'], 'inlinePolicies' | 'attachedPolicies'>>, context: OperationContext): Promise<void> {
  if (identity.kind === IamUser.kind) await changeEntity(IamUser, identity, spec, context);
  else await changeEntity(IamRole, identity, spec, context);
}

function nameOf(identity: Identity): string {
  return identity.kind === IamUser.kind ? userNameOf(identity) : roleNameOf(identity as IamRole);
}

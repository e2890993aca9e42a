import { z } from 'zod';
import type { IamGrant } from '../../api/identity/iam-identity.ts';
import { AwsError } from '../errors.ts';
import { grantsFor, policyServices } from './granted-access.ts';

/** What a policy document comes down to. */
export interface PolicyMeaning {
  actions: string[];
  grants: IamGrant[];
}

const oneOrMore = z.union([z.string(), z.array(z.string()).min(1)]).transform((value) => (typeof value === 'string' ? [value] : value));
const version = z.enum(['2012-10-17', '2008-10-17']).optional();
const Statement = z.strictObject({ Sid: z.string().optional(), Effect: z.string(), Action: oneOrMore, Resource: oneOrMore });
const statements = <T extends z.ZodType>(statement: T) =>
  z.union([statement.transform((one): z.output<T>[] => [one]), z.array(statement).min(1)]);
const TrustStatement = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.string(),
  Principal: z.strictObject({ AWS: oneOrMore.optional(), Service: oneOrMore.optional() }),
  Action: oneOrMore,
});

/**
 * Reads a permissions policy. What cannot be enforced here is refused, never passed over: Deny, conditions, NotAction and NotResource, single resources,
 * and services that this endpoint does not have.
 * @throws AwsError MalformedPolicyDocument - names what cannot be
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function meaningOfPolicy(document: string, accountId: string): PolicyMeaning {
  const parsed = contentOf(document, ['Sid', 'Effect', 'Action', 'Resource']);
  const result = z.strictObject({ Version: version, Id: z.string().optional(), Statement: statements(Statement) }).safeParse(parsed);
  if (!result.success) throw malformed(`Syntax errors in policy. ${issueOf(result.error)}`);
  const { Statement: all } = result.data as { Statement: { Effect: string; Action: string[]; Resource: string[] }[] };
  for (const { Effect, Action, Resource } of all) {
    requireAllow(Effect);
    for (const resource of Resource) requireWholeAccount(resource, accountId);
    for (const action of Action) requireKnownService(action);
  }
  const actions = [...new Set(all.flatMap(({ Action }) => Action))];
  return { actions, grants: grantsFor(actions) };
}

/**
 * Reads a trust policy: who may assume a role.
 * @returns ARNs of users, roles and accounts' roots, and names of services
 * @throws AwsError MalformedPolicyDocument - names what cannot be
 */
export function principalsOfTrustPolicy(document: string): string[] {
  const parsed = contentOf(document, ['Sid', 'Effect', 'Principal', 'Action']);
  const result = z.strictObject({ Version: version, Id: z.string().optional(), Statement: statements(TrustStatement) }).safeParse(parsed);
  if (!result.success) throw malformed(`Syntax errors in policy. ${issueOf(result.error)}`);
  const { Statement: all } = result.data as { Statement: { Effect: string; Principal: { AWS?: string[]; Service?: string[] }; Action: string[] }[] };
  return all.flatMap(({ Effect, Principal, Action }) => {
    requireAllow(Effect);
    const other = Action.find((action) => action.toLowerCase() !== 'sts:assumerole');
    if (other !== undefined) throw malformed(`A trust policy can only allow sts:AssumeRole here, not ${other}.`);
    return [...(Principal.AWS ?? []).map(principalFrom), ...(Principal.Service ?? [])];
  });
}

function principalFrom(principal: string): string {
  if (/^[0-9]{12}$/.test(principal)) return `arn:aws:iam::${principal}:root`;
  if (/^arn:aws:iam::[0-9]{12}:(root|(user|role)\/[\w+=,.@/-]+)$/.test(principal)) return principal;
  throw malformed(`Invalid principal in policy: "AWS":"${principal}". It must be an account, or the ARN of a user or role.`);
}

const refusedElements = ['Condition', 'NotAction', 'NotResource', 'NotPrincipal', 'Principal'];

function contentOf(document: string, known: readonly string[]): unknown {
  let parsed: unknown;
  try {
    parsed = JSON.parse(document);
  } catch {
    throw malformed('This policy contains invalid Json');
  }
  const list: unknown = (parsed as { Statement?: unknown } | null)?.Statement;
  for (const statement of Array.isArray(list) ? (list as unknown[]) : [list]) {
    if (typeof statement !== 'object' || statement === null) continue;
    const refused = refusedElements.find((element) => element in statement && !known.includes(element));
    if (refused !== undefined) throw malformed(`${refused} is not supported here: it could not be enforced.`);
  }
  return parsed;
}

function requireAllow(effect: string): void {
  if (effect === 'Deny') throw malformed('Effect Deny is not supported here: it could not be enforced. What no policy allows is refused anyway.');
  if (effect !== 'Allow') throw malformed(`Invalid effect: ${effect}`);
}

function requireWholeAccount(resource: string, accountId: string): void {
  if (resource === '*') return;
  const [prefix, partition, service, , account = '', ...rest] = resource.split(':');
  const isWhole = prefix === 'arn' && (partition === 'aws' || partition === '*') && service !== undefined && ['*', '', accountId].includes(account) && ['*', '*/*'].includes(rest.join(':'));
  if (!isWhole) throw malformed(`Resource ${resource} is not supported here: permissions are for all resources of the account, written as *.`);
}

function requireKnownService(action: string): void {
  if (action === '*') return;
  const [service = '', name] = action.split(':');
  if (!name || !/^[\w*?]+$/.test(name)) throw malformed('Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.');
  if (!policyServices.includes(service.toLowerCase())) throw malformed(`Action ${action} is not supported here: this endpoint has the services ${policyServices.join(', ')}.`);
}

function issueOf(error: z.ZodError): string {
  const [issue] = error.issues;
  return issue === undefined ? '' : `${issue.path.join('.') || 'document'}: ${issue.message}`;
}

function malformed(message: string): AwsError {
  return new AwsError('MalformedPolicyDocument', message);
}

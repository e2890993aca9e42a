import { readFileSync } from 'node:fs';
import { matchesAction } from '../../api/identity/action-pattern.ts';
import type { IamAttachedPolicy, IamGrant, IamInlinePolicy } from '../../api/identity/iam-identity.ts';

/** Action to `<plural> <verb>`; made from the operation tables by "npm run generate". Read when it is first needed. */
let actionGrants: Readonly<Record<string, readonly string[]>> | undefined;

function knownGrants(): Readonly<Record<string, readonly string[]>> {
  actionGrants ??= JSON.parse(readFileSync(new URL('./action-grants.json', import.meta.url), 'utf8')) as Readonly<Record<string, readonly string[]>>;
  return actionGrants;
}

/**
 * What a policy grants in this version of the operator. A policy that the API made (it has a document, or is one of AWS's own) says actions, and what they need
 * may change with each version: it is computed anew. One of kubectl's without a document grants what its author wrote. Pure.
 */
export function currentGrantsOf(policy: IamInlinePolicy | IamAttachedPolicy): IamGrant[] {
  const isOfApi = 'arn' in policy || policy.document !== undefined;
  return isOfApi ? grantsOfActions(policy.actions) : policy.grants;
}

function grantsOfActions(patterns: readonly string[]): IamGrant[] {
  const verbs = new Map<string, Set<string>>();
  for (const [action, grants] of Object.entries(knownGrants())) {
    if (!patterns.some((pattern) => matchesAction(pattern, action))) continue;
    for (const grant of grants) {
      const [resource = '', verb = ''] = grant.split(' ');
      const known = verbs.get(resource) ?? new Set<string>();
      verbs.set(resource, known.add(verb));
    }
  }
  return [...verbs].map(([resource, set]) => ({ resource, verbs: [...set].sort() as IamGrant['verbs'] }));
}

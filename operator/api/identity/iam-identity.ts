import { createHash } from 'node:crypto';
import { z } from 'zod';
import { uniqueIdFrom } from './unique-id.ts';
import { Conditions, Tags, type KubernetesObject } from '../shared.ts';

/** On the Secret of an access key: name of the IamUser whose key it is. Such a key counts only while that IamUser exists. */
export const IAM_USER_LABEL = 'kube-ec2.io/iam-user';
/** Key in the Secret of the account's session key: what session tokens are made and checked with. */
export const SESSION_KEY_FIELD = 'sessionKey';
/** Secret with the account's session key, in its namespace. */
export const SESSION_KEY_SECRET = 'kube-ec2-session-key';

/** Condition types of an IamUser or IamRole. */
export const IamConditions = {
  /** ServiceAccount, Role and RoleBinding exist: what the policies grant is in force. */
  ready: 'Ready',
} as const;

const entityName = /^[A-Za-z0-9_+=,.@-]+$/;

/** Name of a user, role or instance profile: unique in the account, upper and lower case being the same. */
export const EntityName = z.string().min(1).max(128).regex(entityName, 'letters, digits and + = , . @ _ -');
/** Path of an entity; only shown. */
export const EntityPath = z.string().min(1).max(512).default('/').describe('Path in IAM; it is shown and has no meaning here.');

const verbs = z.enum(['get', 'list', 'create', 'update', 'patch', 'delete']);

const Grant = z
  .object({
    resource: z.string().regex(/^[a-z]+$/).max(63).describe("Plural of a kind of this project, or 'secrets'."),
    verbs: z.array(verbs).min(1).max(6).describe('What may be done with objects of the kind in the namespace of the account.'),
  })
  .describe('A permission in Kubernetes.');
export type IamGrant = z.infer<typeof Grant>;

/** What a policy means: which actions of the API, and what they need in Kubernetes. */
const meaning = {
  actions: z.array(z.string().min(1).max(128)).max(300).describe('Actions of the API that it allows, as service:Action; * and ? are wildcards.'),
  grants: z.array(Grant).max(64).default([]).describe('Permissions in Kubernetes that go with the actions; the API computes them.'),
};

/** An inline policy. */
const InlinePolicy = z.object({
  name: EntityName.describe('Name of the policy, unique in the entity.'),
  document: z.string().max(10240).optional().describe('Policy document as it was given to the API, for GetUserPolicy and GetRolePolicy. actions and grants decide.'),
  ...meaning,
});
export type IamInlinePolicy = z.infer<typeof InlinePolicy>;

/** A managed policy that is attached. */
const AttachedPolicy = z.object({ arn: z.string().min(20).max(2048).describe('ARN of the managed policy.'), ...meaning });
export type IamAttachedPolicy = z.infer<typeof AttachedPolicy>;

/** Fields that users and roles share. */
export const identityFields = {
  path: EntityPath,
  inlinePolicies: z
    .array(InlinePolicy)
    .max(50)
    .default([])
    .meta({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'] })
    .describe('Policies of this entity alone. Whatever none of the policies allows is refused.'),
  attachedPolicies: z
    .array(AttachedPolicy)
    .max(20)
    .default([])
    .meta({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['arn'] })
    .describe('Managed policies that are attached.'),
  tags: Tags.optional(),
};

/** Status of users and roles. */
export const IdentityStatus = z.object({
  serviceAccountName: z.string().optional().describe('ServiceAccount that calls are sent to the API server as.'),
  observedGeneration: z.int().optional(),
  conditions: Conditions.optional(),
});
export type IdentityStatus = z.infer<typeof IdentityStatus>;

/** ServiceAccount that a user or role acts as, and name of the Role and RoleBinding with its rights. The prefix keeps clear of ServiceAccounts of others. Pure. */
export function iamServiceAccountName(kind: 'IamUser' | 'IamRole', objectName: string): string {
  return `${kind === 'IamUser' ? 'iam-user' : 'iam-role'}-${objectName}`;
}

/** Unique id as IAM shows it: prefix and 17 digits of base 32, derived from the object's uid, so that a new entity of an old name has another. Pure. */
export function iamIdOf(prefix: 'AIDA' | 'AROA' | 'AIPA', { metadata }: KubernetesObject): string {
  const hash = createHash('sha256').update(`${prefix}/${metadata?.uid ?? ''}`).digest();
  return uniqueIdFrom(prefix, hash.subarray(0, 17));
}

/** Actions that the policies of a user or role allow, as patterns. Pure. */
export function allowedActionsOf({ inlinePolicies, attachedPolicies }: { inlinePolicies: readonly IamInlinePolicy[]; attachedPolicies: readonly IamAttachedPolicy[] }): string[] {
  return [...inlinePolicies, ...attachedPolicies].flatMap(({ actions }) => actions);
}

import { z } from 'zod';
import { defineCustomResource, type CustomResource } from '../custom-resource.ts';
import { Conditions } from '../shared.ts';

/** Type of the Secrets that hold access keys: data `accessKeyId`, `secretAccessKey`, optional `userName` and `sessionToken`. */
export const ACCESS_KEY_SECRET_TYPE = 'kube-ec2.io/access-key';
/** On the access key Secrets and on the account's namespace: the 12-digit account id. */
export const ACCOUNT_ID_LABEL = 'kube-ec2.io/account-id';
/** Headless Service of each account's namespace that gives instances their private DNS names. */
export const INSTANCES_SERVICE = 'instances';
/** ServiceAccount that the root access key acts as. */
export const ROOT_SERVICE_ACCOUNT = 'kube-ec2-root';

/** Condition types of an Account. */
export const AccountConditions = {
  /** Namespace, permissions, default VPC and security group, and root access key exist. */
  ready: 'Ready',
} as const;

const AccountSpec = z.object({
  accountId: z
    .string()
    .regex(/^[0-9]{12}$/, 'accountId must be 12 digits, in quotes')
    .max(12)
    .describe('AWS account id: 12 digits, unique in the cluster.')
    .meta({ 'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: 'accountId cannot be changed' }] }),
  namespace: z
    .string()
    .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, 'namespace must be one DNS label: lower-case letters, digits and dashes, up to 63')
    .max(63)
    .optional()
    .describe('Namespace that holds all of the account. By default the name of the Account. Made if it does not exist.')
    .meta({ 'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: 'namespace cannot be changed' }] }),
  alias: z.string().max(63).optional().describe('Name for people.'),
  imageOwnerAlias: z.enum(['amazon', 'aws-marketplace', 'self']).optional().describe("Owner alias that other accounts see on this account's public images."),
  quotas: z
    .object({
      instances: z.int().min(0).optional().describe('Instances that may exist at a time, terminated ones not counted.'),
      vcpus: z.int().min(0).optional().describe('Virtual CPUs of all instances that are pending or running.'),
      elasticIps: z.int().min(0).optional().describe('Elastic IP addresses that may be allocated through the API at a time; by default 5, as on EC2.'),
    })
    .prefault({})
    .describe('Limits; without one there is none, unless it says otherwise.'),
});
export type AccountSpec = z.infer<typeof AccountSpec>;

const AccountStatus = z.object({
  accountId: z.string().optional(),
  namespace: z.string().optional().describe('Namespace of the account.'),
  rootAccessKeySecret: z.string().optional().describe('Secret, in that namespace, with the root access key.'),
  defaultSecurityGroupId: z.string().optional(),
  defaultVpcId: z.string().optional().describe('VPC of instances that name no subnet.'),
  isDefaultVpcMade: z.boolean().optional().describe('Whether the default VPC has been made; one that was deleted is not made again.'),
  observedGeneration: z.int().optional(),
  conditions: Conditions.optional(),
});
export type AccountStatus = z.infer<typeof AccountStatus>;
export type Account = CustomResource<AccountSpec, AccountStatus>;

/** Account: one AWS account id, backed by one namespace. */
export const AccountDefinition = defineCustomResource({
  kind: 'Account',
  plural: 'accounts',
  shortNames: ['acct'],
  namespaced: false,
  description: 'An AWS account: one account id, backed by one namespace that holds everything of the account.',
  spec: AccountSpec,
  status: AccountStatus,
  printerColumns: [
    { name: 'Account-Id', type: 'string', path: '.spec.accountId' },
    { name: 'Namespace', type: 'string', path: '.status.namespace' },
    { name: 'Ready', type: 'string', path: ".status.conditions[?(@.type=='Ready')].status" },
    { name: 'Age', type: 'date', path: '.metadata.creationTimestamp' },
  ],
});

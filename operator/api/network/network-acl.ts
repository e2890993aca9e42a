import { z } from 'zod';
import { defineCustomResource, type CustomResource } from '../custom-resource.ts';
import { Conditions, Reference, Tags } from '../shared.ts';

/** Condition types of a NetworkAcl. */
export const NetworkAclConditions = {
  /** Its VPC is there. */
  ready: 'Ready',
} as const;

const NetworkAclSpec = z.object({
  vpcId: Reference.describe('Vpc, by name or id (vpc-...).').meta({ 'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: 'vpcId cannot be changed' }] }),
  tags: Tags.optional(),
});
export type NetworkAclSpec = z.infer<typeof NetworkAclSpec>;

const NetworkAclStatus = z.object({
  networkAclId: z.string().optional().describe('EC2 id, acl-...'),
  ownerId: z.string().optional().describe('Account that owns it, 12 digits.'),
  vpcId: z.string().optional().describe('EC2 id of the VPC, once resolved.'),
  observedGeneration: z.int().optional().describe('metadata.generation that this status was computed from.'),
  conditions: Conditions.optional(),
});
export type NetworkAclStatus = z.infer<typeof NetworkAclStatus>;
export type NetworkAcl = CustomResource<NetworkAclSpec, NetworkAclStatus>;

/** NetworkAcl: the one of each VPC, which lets everything pass. */
export const NetworkAclDefinition = defineCustomResource({
  kind: 'NetworkAcl',
  plural: 'networkacls',
  shortNames: ['nacl'],
  namespaced: true,
  description: 'The default network ACL of a VPC: it lets everything pass, in both directions. The operator makes one for each VPC; others cannot be enforced and do nothing.',
  spec: NetworkAclSpec,
  status: NetworkAclStatus,
  printerColumns: [
    { name: 'Id', type: 'string', path: '.status.networkAclId' },
    { name: 'Vpc', type: 'string', path: '.status.vpcId' },
    { name: 'Ready', type: 'string', path: ".status.conditions[?(@.type=='Ready')].reason" },
    { name: 'Age', type: 'date', path: '.metadata.creationTimestamp' },
  ],
});

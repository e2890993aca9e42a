import { z } from 'zod';
import { defineCustomResource, type CustomResource } from '../custom-resource.ts';
import { Conditions, Reference, Tags } from '../shared.ts';

/** Condition types of an InternetGateway. */
export const InternetGatewayConditions = {
  /** It is attached to the VPC that its spec names. */
  attached: 'Attached',
} as const;

const InternetGatewaySpec = z.object({
  vpcId: Reference.optional().describe('Vpc that it is attached to, by name or id (vpc-...). Remove it to detach.'),
  tags: Tags.optional(),
});
export type InternetGatewaySpec = z.infer<typeof InternetGatewaySpec>;

const InternetGatewayStatus = z.object({
  internetGatewayId: z.string().optional().describe('EC2 id, igw-...'),
  ownerId: z.string().optional().describe('Account that owns it, 12 digits.'),
  vpcId: z.string().optional().describe('EC2 id of the VPC that it is attached to.'),
  observedGeneration: z.int().optional().describe('metadata.generation that this status was computed from.'),
  conditions: Conditions.optional(),
});
export type InternetGatewayStatus = z.infer<typeof InternetGatewayStatus>;
export type InternetGateway = CustomResource<InternetGatewaySpec, InternetGatewayStatus>;

/** InternetGateway: the way from a VPC to the world outside. */
export const InternetGatewayDefinition = defineCustomResource({
  kind: 'InternetGateway',
  plural: 'internetgateways',
  shortNames: ['igw'],
  namespaced: true,
  description: 'An internet gateway as EC2 has it: the way from a VPC to the world outside. A VPC has one at most.',
  spec: InternetGatewaySpec,
  status: InternetGatewayStatus,
  printerColumns: [
    { name: 'Id', type: 'string', path: '.status.internetGatewayId' },
    { name: 'Vpc', type: 'string', path: '.status.vpcId' },
    { name: 'Attached', type: 'string', path: ".status.conditions[?(@.type=='Attached')].status" },
    { name: 'Age', type: 'date', path: '.metadata.creationTimestamp' },
  ],
});

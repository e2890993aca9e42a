import { z } from 'zod';
import { defineCustomResource, type CustomResource } from '../custom-resource.ts';
import { ApiRequest, Conditions, Reference, Tags } from '../shared.ts';

/** Condition types of a NatGateway. */
export const NatGatewayConditions = {
  /** It has its address; EC2's state follows from this. */
  ready: 'Ready',
  /** The subnets whose route tables lead to it get out by it. */
  translating: 'Translating',
} as const;

/** Keeps a NatGateway until what it is made of is taken away. */
export const NAT_GATEWAY_FINALIZER = 'kube-ec2.io/nat-gateway';

const immutable = (field: string): Record<string, unknown> => ({
  'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: `${field} cannot be changed; make a new NatGateway` }],
});

const NatGatewaySpec = z.object({
  subnetId: Reference.describe('Subnet that it is in, by name or id (subnet-...): of the VPC whose other subnets it lets out.').meta(immutable('subnetId')),
  allocationId: Reference.describe('ElasticIp that they get out by, by name or id (eipalloc-...). Nothing else may have it.').meta(immutable('allocationId')),
  request: ApiRequest.optional().describe('The call that made the gateway, to know a repetition.'),
  tags: Tags.optional(),
});
export type NatGatewaySpec = z.infer<typeof NatGatewaySpec>;

const NatGatewayStatus = z.object({
  natGatewayId: z.string().optional().describe('EC2 id, nat-...'),
  vpcId: z.string().optional().describe('EC2 id of the VPC.'),
  state: z.enum(['pending', 'failed', 'available', 'deleting']).optional().describe('EC2 state. A gateway that failed goes on when the obstacle is gone.'),
  failureCode: z.string().optional().describe('Why it failed: an error code of EC2.'),
  failureMessage: z.string().optional().describe('The same in words.'),
  publicIp: z.string().optional().describe('The address that subnets get out by.'),
  observedGeneration: z.int().optional().describe('metadata.generation that this status was computed from.'),
  conditions: Conditions.optional(),
});
export type NatGatewayStatus = z.infer<typeof NatGatewayStatus>;
export type NatGateway = CustomResource<NatGatewaySpec, NatGatewayStatus>;

/** NatGateway: the way outside for subnets whose instances have no public addresses. */
export const NatGatewayDefinition = defineCustomResource({
  kind: 'NatGateway',
  plural: 'natgateways',
  shortNames: ['ngw'],
  namespaced: true,
  description: 'A NAT gateway as EC2 has it: subnets whose route tables lead to it get outside by its address. With Kube-OVN only.',
  spec: NatGatewaySpec,
  status: NatGatewayStatus,
  printerColumns: [
    { name: 'Id', type: 'string', path: '.status.natGatewayId' },
    { name: 'Vpc', type: 'string', path: '.status.vpcId' },
    { name: 'Public-IP', type: 'string', path: '.status.publicIp' },
    { name: 'State', type: 'string', path: '.status.state' },
    { name: 'Age', type: 'date', path: '.metadata.creationTimestamp' },
  ],
});

import { z } from 'zod';
import { defineCustomResource, type CustomResource } from '../custom-resource.ts';
import { ApiRequest, Conditions, Reference, Tags } from '../shared.ts';

/** Condition types of a RouteTable. */
export const RouteTableConditions = {
  /** Its VPC and gateways are there. */
  ready: 'Ready',
  /** Traffic goes where the table says, and nowhere else. */
  enforced: 'Enforced',
} as const;

/** EC2's quota at its highest. */
const ROUTES_LIMIT = 1000;

const Route = z
  .object({
    destinationCidrBlock: z
      .string()
      .max(18)
      .meta({ 'x-kubernetes-validations': [{ rule: 'isCIDR(self) && cidr(self).ip().family() == 4 && cidr(self) == cidr(self).masked()', message: 'must be an IPv4 block such as 0.0.0.0/0' }] })
      .optional()
      .describe('IPv4 addresses that the route is for.'),
    destinationIpv6CidrBlock: z
      .string()
      .max(49)
      .meta({ 'x-kubernetes-validations': [{ rule: 'isCIDR(self) && cidr(self).ip().family() == 6', message: 'must be an IPv6 block such as ::/0' }] })
      .optional()
      .describe('IPv6 addresses that the route is for.'),
    gatewayId: Reference.optional().describe('InternetGateway that the traffic goes to, by name or id (igw-...).'),
    natGatewayId: Reference.optional().describe('NatGateway that it goes to instead, by name or id (nat-...).'),
  })
  .meta({
    'x-kubernetes-validations': [
      { rule: 'has(self.destinationCidrBlock) != has(self.destinationIpv6CidrBlock)', message: 'set exactly one of destinationCidrBlock and destinationIpv6CidrBlock' },
      { rule: 'has(self.gatewayId) != has(self.natGatewayId)', message: 'set exactly one of gatewayId and natGatewayId' },
    ],
  });
export type Route = z.infer<typeof Route>;

const RouteTableSpec = z.object({
  vpcId: Reference.describe('Vpc, by name or id (vpc-...).').meta({ 'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: 'vpcId cannot be changed; make a new RouteTable' }] }),
  routes: z.array(Route).max(ROUTES_LIMIT).default([]).meta({ 'x-kubernetes-list-type': 'atomic' }).describe('Routes beside those within the VPC, which every table has.'),
  request: ApiRequest.optional().describe('The call that made the table, to know a repetition.'),
  tags: Tags.optional(),
});
export type RouteTableSpec = z.infer<typeof RouteTableSpec>;

const RouteTableStatus = z.object({
  routeTableId: z.string().optional().describe('EC2 id, rtb-...'),
  ownerId: z.string().optional().describe('Account that owns it, 12 digits.'),
  vpcId: z.string().optional().describe('EC2 id of the VPC, once resolved.'),
  observedGeneration: z.int().optional().describe('metadata.generation that this status was computed from.'),
  conditions: Conditions.optional(),
});
export type RouteTableStatus = z.infer<typeof RouteTableStatus>;
export type RouteTable = CustomResource<RouteTableSpec, RouteTableStatus>;

/** RouteTable: where traffic out of subnets goes. */
export const RouteTableDefinition = defineCustomResource({
  kind: 'RouteTable',
  plural: 'routetables',
  shortNames: ['rtb'],
  namespaced: true,
  description: 'A route table as EC2 has it: where traffic goes that leaves the subnets which name it, or, of the main one, those which name none.',
  spec: RouteTableSpec,
  status: RouteTableStatus,
  printerColumns: [
    { name: 'Id', type: 'string', path: '.status.routeTableId' },
    { name: 'Vpc', type: 'string', path: '.status.vpcId' },
    { name: 'Ready', type: 'string', path: ".status.conditions[?(@.type=='Ready')].status" },
    { name: 'Enforced', type: 'string', path: ".status.conditions[?(@.type=='Enforced')].status" },
    { name: 'Age', type: 'date', path: '.metadata.creationTimestamp' },
  ],
});

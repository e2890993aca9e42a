import { createHash } from 'node:crypto';
import { z } from 'zod';
import { networkBlock } from './cidr.ts';
import { defineCustomResource, type CustomResource } from '../custom-resource.ts';
import { Conditions, Reference, Tags } from '../shared.ts';

/** Condition types of a Subnet. */
export const SubnetConditions = {
  /** Its VPC is there and its block fits; instances can be launched into it. */
  available: 'Available',
} as const;

const immutable = (field: string): Record<string, unknown> => ({
  'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: `${field} cannot be changed; make a new Subnet` }],
});

const SubnetSpec = z.object({
  vpcId: Reference.describe('Vpc, by name or id (vpc-...).').meta(immutable('vpcId')),
  cidrBlock: networkBlock({ rule: 'self == oldSelf', message: 'cidrBlock cannot be changed; make a new Subnet' }).describe(
    "IPv4 block within one of the VPC's, /16 to /28.",
  ),
  availabilityZone: z.string().min(1).max(63).describe("Zone of its instances, a value of the nodes' label topology.kubernetes.io/zone; nodes without it are in <region>a.").meta(immutable('availabilityZone')),
  defaultForAz: z.boolean().default(false).describe('The subnet of instances of the default VPC that name only its zone, or none; of several the oldest counts.').meta(immutable('defaultForAz')),
  routeTableId: Reference.optional().describe('RouteTable, by name or id (rtb-...). Without: the main one of the VPC.'),
  mapPublicIpOnLaunch: z.boolean().default(false).describe('Recorded: an instance gets a public address only if its launch asks for one; see associatePublicIpAddress of Instance.'),
  privateDnsHostnameTypeOnLaunch: z.enum(['ip-name', 'resource-name']).default('resource-name').describe('Recorded: names of instances are resource names.'),
  enableResourceNameDnsARecordOnLaunch: z.boolean().default(false).describe('Recorded: resource names resolve within the cluster in any case.'),
  tags: Tags.optional(),
});
export type SubnetSpec = z.infer<typeof SubnetSpec>;

const SubnetStatus = z.object({
  subnetId: z.string().optional().describe('EC2 id, subnet-...'),
  vpcId: z.string().optional().describe('EC2 id of the VPC, once resolved.'),
  ownerId: z.string().optional().describe('Account that owns it, 12 digits.'),
  state: z.enum(['pending', 'available']).optional().describe('EC2 state.'),
  observedGeneration: z.int().optional().describe('metadata.generation that this status was computed from.'),
  conditions: Conditions.optional(),
});
export type SubnetStatus = z.infer<typeof SubnetStatus>;
export type Subnet = CustomResource<SubnetSpec, SubnetStatus>;

/** Keeps a Subnet for as long as instances or network interfaces are in it. */
export const SUBNET_FINALIZER = 'kube-ec2.io/subnet';

/**
 * Name of the default subnet that a zone gets in a VPC, `default-us-east-1a` say. Names of zones may hold characters that names of objects may not; a
 * digest then keeps them apart.
 */
export function defaultSubnetNameOf(vpcName: string, zone: string): string {
  if (/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(zone)) return `${vpcName}-${zone}`;
  const digest = createHash('sha256').update(zone).digest('hex').slice(0, 8);
  return `${vpcName}-${zone.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '')}-${digest}`;
}

/** Subnet: a part of a VPC, in one zone. */
export const SubnetDefinition = defineCustomResource({
  kind: 'Subnet',
  plural: 'subnets',
  shortNames: [],
  namespaced: true,
  description: 'A subnet as EC2 has it: a part of a VPC, in one zone.',
  spec: SubnetSpec,
  status: SubnetStatus,
  printerColumns: [
    { name: 'Id', type: 'string', path: '.status.subnetId' },
    { name: 'Vpc', type: 'string', path: '.status.vpcId' },
    { name: 'Zone', type: 'string', path: '.spec.availabilityZone' },
    { name: 'CIDR', type: 'string', path: '.spec.cidrBlock' },
    { name: 'State', type: 'string', path: '.status.state' },
    { name: 'Age', type: 'date', path: '.metadata.creationTimestamp' },
  ],
});

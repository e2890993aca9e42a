import { z } from 'zod';
import { networkBlock } from './cidr.ts';
import { defineCustomResource, type CustomResource } from '../custom-resource.ts';
import { Conditions, Reference, Tags } from '../shared.ts';

/** Condition types of a Vpc. */
export const VpcConditions = {
  /** All that belongs to it was made; it can be used. */
  available: 'Available',
  /** Its instances reach those of other VPCs only where EC2 would let them. */
  isolated: 'Isolated',
  /** Instances get their addresses from its blocks. */
  addressesFromBlock: 'AddressesFromBlock',
} as const;

/** Name of the Vpc that the controller of an Account makes. */
export const DEFAULT_VPC_NAME = 'default';
/** Block of a default VPC, as on EC2. @see https://docs.aws.amazon.com/vpc/latest/userguide/default-vpc-components.html */
export const DEFAULT_VPC_BLOCK = '172.31.0.0/16';
/** EC2's word for "no DHCP options of its own", in the place of an id. */
export const DEFAULT_DHCP_OPTIONS = 'default';
/** EC2's limit of IPv4 blocks beside the first. */
const MORE_BLOCKS_LIMIT = 4;

/** Label of everything that is in a VPC, on template, machine and pod; its value is empty. */
export function vpcLabelOf(vpcId: string): string {
  return `${VPC_LABEL_PREFIX}${vpcId}`;
}
/** Keeps a Vpc for as long as subnets are in it. */
export const VPC_FINALIZER = 'kube-ec2.io/vpc';
/** What the labels of VPCs begin with. */
export const VPC_LABEL_PREFIX = 'vpc.kube-ec2.io/';

const immutable = (field: string): Record<string, unknown> => ({
  'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: `${field} cannot be changed; make a new Vpc` }],
});

const VpcSpec = z.object({
  cidrBlock: networkBlock({ rule: 'self == oldSelf', message: 'cidrBlock cannot be changed; make a new Vpc' }).describe(
    'IPv4 block, /16 to /28. On the pod network instances get addresses of the pod network instead; the condition AddressesFromBlock says so.',
  ),
  moreCidrBlocks: z.array(networkBlock()).max(MORE_BLOCKS_LIMIT).optional().meta({ 'x-kubernetes-list-type': 'set' }).describe('IPv4 blocks added later, for further subnets.'),
  isDefault: z.boolean().default(false).describe('The VPC of instances that name no subnet. It gets a default subnet in each zone; of several the oldest counts.').meta(immutable('isDefault')),
  enableDnsSupport: z.boolean().default(true).describe("Recorded: the cluster's DNS answers in any case."),
  enableDnsHostnames: z.boolean().default(false).describe('Recorded: public DNS names are not given.'),
  enableNetworkAddressUsageMetrics: z.boolean().default(false).describe('Recorded.'),
  dhcpOptionsId: Reference.optional().describe("DhcpOptions, by name or id (dopt-...), for instances launched later. Without: what the cluster's DNS gives."),
  mainRouteTableId: Reference.optional().describe('RouteTable, by name or id (rtb-...), of subnets that name none. Without: the one that the operator makes for the VPC.'),
  tags: Tags.optional(),
});
export type VpcSpec = z.infer<typeof VpcSpec>;

const VpcStatus = z.object({
  vpcId: z.string().optional().describe('EC2 id, vpc-...'),
  ownerId: z.string().optional().describe('Account that owns it, 12 digits.'),
  state: z.enum(['pending', 'available']).optional().describe('EC2 state.'),
  networkProvider: z.string().optional().describe('What makes the network: pod, or kube-ovn.'),
  mainRouteTableId: z.string().optional().describe('Route table of subnets that are associated with none.'),
  defaultNetworkAclId: z.string().optional().describe('Network ACL of its subnets.'),
  defaultSecurityGroupId: z.string().optional().describe('Security group of instances that name none.'),
  isInternetGatewayMade: z.boolean().optional().describe('Whether the default VPC has got its internet gateway; one that was deleted is not made again.'),
  defaultSubnetZones: z.array(z.string()).optional().describe('Zones that got their default subnet; one that was deleted is not made again.'),
  observedGeneration: z.int().optional().describe('metadata.generation that this status was computed from.'),
  conditions: Conditions.optional(),
});
export type VpcStatus = z.infer<typeof VpcStatus>;
export type Vpc = CustomResource<VpcSpec, VpcStatus>;

/** Vpc: a network of its own, with subnets. */
export const VpcDefinition = defineCustomResource({
  kind: 'Vpc',
  plural: 'vpcs',
  shortNames: [],
  namespaced: true,
  description: 'A virtual private cloud as EC2 has it: a network with subnets, kept apart from others as far as the network provider can.',
  spec: VpcSpec,
  status: VpcStatus,
  printerColumns: [
    { name: 'Id', type: 'string', path: '.status.vpcId' },
    { name: 'State', type: 'string', path: '.status.state' },
    { name: 'CIDR', type: 'string', path: '.spec.cidrBlock' },
    { name: 'Default', type: 'boolean', path: '.spec.isDefault' },
    { name: 'Isolated', type: 'string', path: ".status.conditions[?(@.type=='Isolated')].status" },
    { name: 'Age', type: 'date', path: '.metadata.creationTimestamp' },
  ],
});

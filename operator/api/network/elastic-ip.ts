import { z } from 'zod';
import { defineCustomResource, type CustomResource } from '../custom-resource.ts';
import { ec2IdFrom } from '../ec2-id.ts';
import { Conditions, Reference, Tags } from '../shared.ts';

/** Condition types of an ElasticIp. */
export const ElasticIpConditions = {
  /** The cluster has given the address: its load balancer, or Kube-OVN. */
  allocated: 'Allocated',
  /** The instance or network interface of the spec has the address. */
  associated: 'Associated',
  /** Everything that the security groups of the instance open can be reached at the address. */
  portsOpen: 'PortsOpen',
} as const;

/** EC2's default quota of elastic IP addresses per account and region. */
export const ELASTIC_IP_QUOTA = 5;

/** How MetalLB is told what an ElasticIp asks for; other load balancers ignore it. @see https://metallb.io/usage/ */
export const METALLB_ANNOTATIONS: Readonly<Record<string, string>> = {
  'metallb.io/loadBalancerIPs': '{address}',
  'metallb.io/address-pool': '{pool}',
};

/** On what holds the address of an ElasticIp: its allocation id. */
export const ELASTIC_IP_LABEL = 'kube-ec2.io/elastic-ip';

/** Keeps an ElasticIp until its address is given back, where the garbage collector does not do so. */
export const ELASTIC_IP_FINALIZER = 'kube-ec2.io/elastic-ip';

const immutable = (field: string): Record<string, unknown> => ({
  'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: `${field} cannot be changed; make a new ElasticIp` }],
});

const Association = z
  .object({
    instanceId: Reference.optional().describe('Instance that gets the address, by name or id (i-...): its primary network interface.'),
    networkInterfaceId: Reference.optional().describe('Network interface that gets the address, by name or id (eni-...).'),
    natGatewayId: Reference.optional().describe('NatGateway that has the address, by name or id (nat-...): set by the operator, as the spec of that gateway says.'),
    allowReassociation: z.boolean().default(false).describe('Whether to take the place of another ElasticIp that the instance or interface has; without it that one stays.'),
  })
  .meta({ 'x-kubernetes-validations': [
      {
        rule: '[has(self.instanceId), has(self.networkInterfaceId), has(self.natGatewayId)].exists_one(x, x)',
        message: 'set exactly one of instanceId, networkInterfaceId and natGatewayId',
      },
    ] });

const ElasticIpSpec = z.object({
  address: z
    .string()
    .max(15)
    .optional()
    .describe('IPv4 address to ask the load balancer or Kube-OVN for; by default any.')
    .meta({
      'x-kubernetes-validations': [
        { rule: 'isIP(self) && ip(self).family() == 4', message: 'must be an IPv4 address such as 203.0.113.10' },
        { rule: 'self == oldSelf', message: 'address cannot be changed; make a new ElasticIp' },
      ],
    }),
  pool: z.string().min(1).max(253).optional().describe("The load balancer's pool to take the address from, by default its own choice; with Kube-OVN the external subnet.").meta(immutable('pool')),
  association: Association.optional().describe('What has the address. Removed by the operator when the instance has been terminated.'),
  tags: Tags.optional(),
});
export type ElasticIpSpec = z.infer<typeof ElasticIpSpec>;

const ElasticIpStatus = z.object({
  allocationId: z.string().optional().describe('EC2 id, eipalloc-...; also the name of the Service, or with Kube-OVN of the OvnEip, that holds the address.'),
  publicIp: z.string().optional().describe('The address, once it is given.'),
  associationId: z.string().optional().describe('EC2 id of the association, eipassoc-..., while it holds.'),
  instanceId: z.string().optional().describe('EC2 id of the instance that has the address.'),
  networkInterfaceId: z.string().optional().describe('EC2 id of the network interface that has the address.'),
  natGatewayId: z.string().optional().describe('EC2 id of the NAT gateway that has the address.'),
  openPorts: z.array(z.string()).optional().describe('Ports that reach the instance, such as tcp/22, where single ones do; with Kube-OVN all do.'),
  observedGeneration: z.int().optional().describe('metadata.generation that this status was computed from.'),
  conditions: Conditions.optional(),
});
export type ElasticIpStatus = z.infer<typeof ElasticIpStatus>;
export type ElasticIp = CustomResource<ElasticIpSpec, ElasticIpStatus>;

/** What an ElasticIp is associated with, by name or id, as its spec says. */
export function associationTargetOf({ spec }: ElasticIp): string | undefined {
  return spec.association?.instanceId ?? spec.association?.networkInterfaceId ?? spec.association?.natGatewayId;
}

/** EC2 id of the association that the spec asks for: the same for as long as address and target are; undefined without one. */
export function associationIdOf(elasticIp: ElasticIp): string | undefined {
  const target = associationTargetOf(elasticIp);
  if (target === undefined) return undefined;
  return ec2IdFrom('eipassoc', `${elasticIp.metadata.uid ?? elasticIp.metadata.name}/${target}`);
}

/** Whether the association that the spec asks for has been made already, and so is not to be lost to another. */
export function isAssociated(elasticIp: ElasticIp): boolean {
  return elasticIp.status?.associationId !== undefined && elasticIp.status.associationId === associationIdOf(elasticIp);
}

/**
 * Which of several addresses for one interface it has: the one that has it already, else the oldest. An interface has one private address, and that
 * one public address at a time.
 */
export function holderAmong(claimants: readonly ElasticIp[]): ElasticIp | undefined {
  const rank = (elasticIp: ElasticIp): string =>
    `${isAssociated(elasticIp) ? 0 : 1}/${elasticIp.metadata.creationTimestamp ?? ''}/${elasticIp.metadata.name}`;
  return claimants.toSorted((left, right) => (rank(left) < rank(right) ? -1 : 1))[0];
}

/** ElasticIp: a public address that stays while instances come and go. */
export const ElasticIpDefinition = defineCustomResource({
  kind: 'ElasticIp',
  plural: 'elasticips',
  shortNames: ['eip'],
  namespaced: true,
  description: 'An elastic IP address as EC2 has it: a public address, held by a Service of type LoadBalancer or by Kube-OVN, that can be moved from instance to instance.',
  spec: ElasticIpSpec,
  status: ElasticIpStatus,
  printerColumns: [
    { name: 'Id', type: 'string', path: '.status.allocationId' },
    { name: 'Public-IP', type: 'string', path: '.status.publicIp' },
    { name: 'Instance', type: 'string', path: '.status.instanceId' },
    { name: 'Age', type: 'date', path: '.metadata.creationTimestamp' },
    { name: 'Ports', type: 'string', path: ".status.conditions[?(@.type=='PortsOpen')].reason", priority: 1 },
  ],
  specRules: ['address', 'pool'].map((field) => ({
    rule: `has(self.${field}) == has(oldSelf.${field})`,
    message: `${field} cannot be added or removed; make a new ElasticIp`,
    fieldPath: `.${field}`,
  })),
});

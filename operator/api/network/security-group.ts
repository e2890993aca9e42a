import { z } from 'zod';
import { defineCustomResource, type CustomResource } from '../custom-resource.ts';
import { Conditions, Reference, Tags } from '../shared.ts';

/** Condition types of a SecurityGroup. */
export const SecurityGroupConditions = {
  /** It can be named by instances; False while another group has its name, or while it is being deleted. */
  ready: 'Ready',
  /** Every rule holds for the traffic of every member. */
  enforced: 'Enforced',
  /** Some rules cannot be enforced; the message names each. */
  partiallyEnforced: 'PartiallyEnforced',
} as const;
/** Reason of Enforced when the network enforces what can be expressed, and only that. */
export const PARTIALLY_ENFORCED_REASON = 'PartiallyEnforced';

/** Label of a member of a security group, on template, machine and pod; its value is empty. */
export function securityGroupLabelOf(groupId: string): string {
  return `${SECURITY_GROUP_LABEL_PREFIX}${groupId}`;
}
/** What the labels of memberships begin with. */
export const SECURITY_GROUP_LABEL_PREFIX = 'sg.kube-ec2.io/';

/** Name of the group that an instance without one gets; each account has one, which cannot be deleted. */
export const DEFAULT_SECURITY_GROUP_NAME = 'default';

/** Limit of EC2's quota "rules per security group" at its highest, for each direction. */
export const RULES_LIMIT = 1000;

const cidr = (family: 4 | 6, length: number): z.ZodString =>
  z
    .string()
    .max(length)
    .meta({
      'x-kubernetes-validations': [
        { rule: `isCIDR(self) && cidr(self).ip().family() == ${family}`, message: `must be an IPv${family} CIDR such as ${family === 4 ? '10.0.0.0/16' : 'fd00::/8'}` },
      ],
    });

const ReferencedGroup = z.object({
  groupId: Reference.describe('Security group, by name or id (sg-...).'),
  userId: z.string().regex(/^[0-9]{12}$/, 'userId must be an account id of 12 digits').max(12).optional().describe('Account of that group, if another.'),
});

const Rule = z
  .object({
    ipProtocol: z
      .string()
      .regex(/^(tcp|udp|icmp|icmpv6|-1|[0-9]|[1-9][0-9]|1[0-9][0-9]|2[0-4][0-9]|25[0-5])$/, 'ipProtocol must be tcp, udp, icmp, icmpv6, a protocol number from 0 to 255, or -1 for all')
      .max(8)
      .describe('tcp, udp, icmp, icmpv6, a protocol number, or -1 for all.'),
    fromPort: z.int().min(-1).max(65535).optional().describe('First port (tcp, udp), or ICMP type; -1 for all types.'),
    toPort: z.int().min(-1).max(65535).optional().describe('Last port (tcp, udp), or ICMP code; -1 for all codes.'),
    cidrIpv4: cidr(4, 18).optional().describe('IPv4 addresses of the other side.'),
    cidrIpv6: cidr(6, 49).optional().describe('IPv6 addresses of the other side.'),
    prefixListId: Reference.optional().describe('ManagedPrefixList, by name or id (pl-...), with the addresses of the other side.'),
    referencedGroup: ReferencedGroup.optional().describe('Group that the other side is a member of.'),
    description: z.string().max(255).optional().describe('What the rule is for.'),
    ruleId: z
      .string()
      .regex(/^sgr-[0-9a-f]{17}$/, 'ruleId must be sgr- and 17 hexadecimal digits')
      .max(21)
      .optional()
      .describe('EC2 id. Written by the API; without one it follows from what the rule says.'),
    tags: Tags.optional(),
  })
  .meta({
    'x-kubernetes-validations': [
      {
        rule: '[has(self.cidrIpv4), has(self.cidrIpv6), has(self.prefixListId), has(self.referencedGroup)].exists_one(x, x)',
        message: 'set exactly one of cidrIpv4, cidrIpv6, prefixListId and referencedGroup',
      },
      {
        rule: "!(self.ipProtocol in ['tcp', '6', 'udp', '17']) || (has(self.fromPort) && has(self.toPort) && 0 <= self.fromPort && self.fromPort <= self.toPort)",
        message: 'tcp and udp need fromPort and toPort, from 0 to 65535 and in this order',
      },
      {
        rule: "self.ipProtocol in ['tcp', '6', 'udp', '17', 'icmp', '1', 'icmpv6', '58'] || (!has(self.fromPort) && !has(self.toPort))",
        message: 'fromPort and toPort are for tcp, udp, icmp and icmpv6 only',
      },
    ],
  });
export type SecurityGroupRule = z.infer<typeof Rule>;

const SecurityGroupSpec = z.object({
  groupName: z
    .string()
    .min(1)
    .max(255)
    .optional()
    .describe('Name of the group in EC2, unique in the account. By default the name of the resource.')
    .meta({ 'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: 'groupName cannot be changed; make a new SecurityGroup' }] }),
  description: z
    .string()
    .max(255)
    .default('')
    .describe('What the group is for.')
    .meta({ 'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: 'description cannot be changed; make a new SecurityGroup' }] }),
  vpcId: Reference.optional()
    .describe('Vpc whose instances may be members, by name or id (vpc-...). By default the default VPC.')
    .meta({ 'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: 'vpcId cannot be changed; make a new SecurityGroup' }] }),
  ingress: z.array(Rule).max(RULES_LIMIT).default([]).meta({ 'x-kubernetes-list-type': 'atomic' }).describe('What members may receive. Nothing without a rule.'),
  egress: z
    .array(Rule)
    .max(RULES_LIMIT)
    .default([{ ipProtocol: '-1', cidrIpv4: '0.0.0.0/0' }])
    .meta({ 'x-kubernetes-list-type': 'atomic' })
    .describe('What members may send. By default everything, as in EC2; an empty list allows nothing.'),
  tags: Tags.optional(),
});
export type SecurityGroupSpec = z.infer<typeof SecurityGroupSpec>;

const SecurityGroupStatus = z.object({
  groupId: z.string().optional().describe('EC2 id, sg-...'),
  groupName: z.string().optional().describe('Name of the group in EC2.'),
  ownerId: z.string().optional().describe('Account that owns it, 12 digits.'),
  vpcId: z.string().optional().describe('EC2 id of its VPC, vpc-...'),
  observedGeneration: z.int().optional().describe('metadata.generation that this status was computed from.'),
  conditions: Conditions.optional(),
});
export type SecurityGroupStatus = z.infer<typeof SecurityGroupStatus>;
export type SecurityGroup = CustomResource<SecurityGroupSpec, SecurityGroupStatus>;

/** Name of a group as EC2 shows it. */
export function securityGroupNameOf({ metadata, spec }: SecurityGroup): string {
  return spec.groupName ?? metadata.name;
}

/** SecurityGroup: who may talk to its members, and to whom they may talk. */
export const SecurityGroupDefinition = defineCustomResource({
  kind: 'SecurityGroup',
  plural: 'securitygroups',
  shortNames: ['sg'],
  namespaced: true,
  description: 'A security group as EC2 has it: rules for the traffic of the instances that name it.',
  spec: SecurityGroupSpec,
  status: SecurityGroupStatus,
  printerColumns: [
    { name: 'Id', type: 'string', path: '.status.groupId' },
    { name: 'Group-Name', type: 'string', path: '.status.groupName' },
    { name: 'Vpc', type: 'string', path: '.status.vpcId' },
    { name: 'Enforced', type: 'string', path: ".status.conditions[?(@.type=='Enforced')].status" },
    { name: 'Age', type: 'date', path: '.metadata.creationTimestamp' },
    { name: 'Description', type: 'string', path: '.spec.description', priority: 1 },
  ],
  specRules: ['groupName', 'vpcId'].map((field) => ({
    rule: `has(self.${field}) == has(oldSelf.${field})`,
    message: `${field} cannot be added or removed; make a new SecurityGroup`,
    fieldPath: `.${field}`,
  })),
});

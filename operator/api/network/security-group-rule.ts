import { canonicalCidrFrom } from './canonical-cidr.ts';
import { ec2IdFrom, ec2IdOf } from '../ec2-id.ts';
import type { SecurityGroup, SecurityGroupRule } from './security-group.ts';

/** Which traffic of the members a rule is about. */
export type Direction = 'ingress' | 'egress';
/** Both, in the order in which they are shown. */
export const directions: readonly Direction[] = ['ingress', 'egress'];

/** EC2's word for every protocol. */
export const ALL_PROTOCOLS = '-1';

const namesByNumber: Readonly<Record<string, string>> = { '1': 'icmp', '6': 'tcp', '17': 'udp', '58': 'icmpv6' };

/** What a rule lets pass, in one spelling: names for the four protocols that have one, and ports only where EC2 looks at them. */
export interface RuleTraffic {
  protocol: string;
  /** First port, or ICMP type. */
  fromPort?: number;
  /** Last port, or ICMP code. */
  toPort?: number;
}

/** The traffic of a rule. Pure. */
export function ruleTrafficOf({ ipProtocol, fromPort, toPort }: Pick<SecurityGroupRule, 'ipProtocol' | 'fromPort' | 'toPort'>): RuleTraffic {
  const protocol = namesByNumber[ipProtocol] ?? ipProtocol;
  switch (protocol) {
    case 'tcp':
    case 'udp':
      return { protocol, fromPort: fromPort ?? 0, toPort: toPort ?? 65535 };
    case 'icmp':
    case 'icmpv6':
      return { protocol, fromPort: fromPort ?? -1, toPort: toPort ?? -1 };
    default:
      return { protocol };
  }
}

/** Gives references of rules one spelling, whether they name an object by name or by id. */
export interface ReferenceSpelling {
  group(reference: NonNullable<SecurityGroupRule['referencedGroup']>): string;
  prefixList(reference: string): string;
}

/** References as they are written. */
const asWritten: ReferenceSpelling = { group: ({ userId = '', groupId }) => `${userId}/${groupId}`, prefixList: (reference) => reference };

/** The other side of a rule as one text, blocks in one spelling. Pure. */
export function rulePeerOf({ cidrIpv4, cidrIpv6, prefixListId, referencedGroup }: SecurityGroupRule, spelling = asWritten): string {
  const cidr = cidrIpv4 ?? cidrIpv6;
  if (cidr !== undefined) return canonicalCidrFrom(cidr)?.text ?? cidr;
  return referencedGroup ? spelling.group(referencedGroup) : spelling.prefixList(prefixListId ?? '');
}

/** What makes two rules of one direction the same rule: traffic and other side; descriptions and tags do not count. Pure. */
export function ruleKeyOf(rule: SecurityGroupRule, spelling = asWritten): string {
  const { protocol, fromPort = '', toPort = '' } = ruleTrafficOf(rule);
  return `${protocol} ${fromPort} ${toPort} ${rulePeerOf(rule, spelling)}`;
}

/**
 * Ids of a group's rules of one direction, in their order. A rule without an id of its own, such as one that was written with kubectl, has one that
 * follows from what it says: it stays when rules are moved or described. Pure.
 */
export function ruleIdsOf(group: SecurityGroup, direction: Direction): string[] {
  const groupId = ec2IdOf('sg', group);
  const counts = new Map<string, number>();
  return group.spec[direction].map((rule) => {
    const key = rule.ruleId ?? ruleKeyOf(rule);
    const count = counts.get(key) ?? 0;
    counts.set(key, count + 1);
    if (rule.ruleId !== undefined && count === 0) return rule.ruleId;
    // The same rule twice can only be written with kubectl.
    return ec2IdFrom('sgr', `${groupId}/${direction}/${key}${count === 0 ? '' : `/${count}`}`);
  });
}

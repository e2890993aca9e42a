import { ec2IdOf } from '../../api/ec2-id.ts';
import { ruleIdsOf, rulePeerOf, ruleTrafficOf, type Direction } from '../../api/network/security-group-rule.ts';
import type { SecurityGroupRule } from '../../api/network/security-group.ts';
import type { Read } from '../../kubernetes/read.ts';
import type { SecurityGroup } from '../../kubernetes/resources.ts';
import { accountIdOfNamespace } from '../account-of-namespace.ts';
import { groupsByReference, namespacesByAccount, prefixListsByReference, within } from './indexes.ts';
import { peerForGroup, peersForBlock, type NetworkFacts, type PolicyPeer } from './policy-peers.ts';
import { policyPortsFor, type PolicyPort } from './policy-ports.ts';

/** A rule as a NetworkPolicy can hold it. */
export interface PolicyRule {
  peers: PolicyPeer[];
  /** None: all traffic. */
  ports: PolicyPort[];
}

/** A rule that no NetworkPolicy can hold, and why. */
export interface Unexpressed {
  ruleId: string;
  message: string;
}

/** The rules of one direction. */
export interface ResolvedRules {
  rules: PolicyRule[];
  unexpressed: Unexpressed[];
}

/** Finds what the rules of a group name. What is not there, or cannot be said in a NetworkPolicy, lets nothing pass. Only caches are read. */
export function resolvedRules(group: SecurityGroup, direction: Direction, facts: NetworkFacts, read: Read): ResolvedRules {
  const rules: PolicyRule[] = [];
  const unexpressed: { position: number; message: string }[] = [];
  for (const [position, rule] of group.spec[direction].entries()) {
    const ports = policyPortsFor(rule);
    const peers = peersOf(rule, group, facts, read);
    const objection = typeof ports === 'string' ? ports : typeof peers === 'string' ? peers : undefined;
    if (objection !== undefined) unexpressed.push({ position, message: `${direction} rule ${describe(rule)}: ${objection}` });
    else rules.push({ peers: peers as PolicyPeer[], ports: ports as PolicyPort[] });
  }
  const ruleIds = unexpressed.length === 0 ? [] : ruleIdsOf(group, direction);
  return { rules, unexpressed: unexpressed.map(({ position, message }) => ({ ruleId: ruleIds[position] ?? '', message })) };
}

/** The other sides of a rule; a text says why there are none. */
function peersOf(rule: SecurityGroupRule, group: SecurityGroup, facts: NetworkFacts, read: Read): PolicyPeer[] | string {
  const { cidrIpv4, cidrIpv6, prefixListId, referencedGroup } = rule;
  const cidr = cidrIpv4 ?? cidrIpv6;
  if (cidr !== undefined) return peersForBlock(cidr, facts);
  const { namespace } = group.metadata;
  if (prefixListId !== undefined) {
    const list = read.byIndex(prefixListsByReference, within(namespace, prefixListId))[0];
    if (list === undefined) return `prefix list ${prefixListId} does not exist`;
    if (list.spec.entries.length === 0) return `prefix list ${prefixListId} has no entries`;
    return list.spec.entries.flatMap((entry) => peersForBlock(entry.cidr, facts));
  }
  const { groupId = '', userId } = referencedGroup ?? {};
  const isForeign = userId !== undefined && userId !== accountIdOfNamespace(namespace, read);
  const home = isForeign ? read.byIndex(namespacesByAccount, userId)[0]?.metadata?.name : namespace;
  const referenced = home === undefined ? undefined : read.byIndex(groupsByReference, within(home, groupId))[0];
  if (referenced === undefined) return `security group ${groupId}${isForeign ? ` of account ${userId}` : ''} does not exist`;
  return [peerForGroup(ec2IdOf('sg', referenced), isForeign ? home : undefined)];
}

function describe(rule: SecurityGroupRule): string {
  const { protocol, fromPort, toPort } = ruleTrafficOf(rule);
  const ports = fromPort === undefined ? '' : ` ${fromPort}${toPort === fromPort ? '' : `-${String(toPort)}`}`;
  return `${protocol}${ports} ${rulePeerOf(rule)}`;
}

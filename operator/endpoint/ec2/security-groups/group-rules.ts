import type { IpPermission, RevokedSecurityGroupRule, SecurityGroupRule as SdkRule } from '@aws-sdk/client-ec2';
import { canonicalCidrFrom } from '../../../api/network/canonical-cidr.ts';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import { directions, ruleIdsOf, ruleTrafficOf, type Direction } from '../../../api/network/security-group-rule.ts';
import type { SecurityGroupRule } from '../../../api/network/security-group.ts';
import type { Read } from '../../../kubernetes/read.ts';
import type { SecurityGroup } from '../../../kubernetes/resources.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { sdkTagsFrom } from '../sdk-tags.ts';
import { accountIdOf, shownReference, spellingFor } from './rule-references.ts';

/** A rule of a group, as the API speaks of it. */
export interface GroupRule {
  group: SecurityGroup;
  direction: Direction;
  ruleId: string;
  rule: SecurityGroupRule;
}

/** The rules of a group, of one direction or both. */
export function rulesOf(group: SecurityGroup, of: readonly Direction[] = directions): GroupRule[] {
  return of.flatMap((direction) => {
    const ids = ruleIdsOf(group, direction);
    return group.spec[direction].map((rule, position) => ({ group, direction, ruleId: ids[position] ?? '', rule }));
  });
}

/** A rule in the API's shape. @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_SecurityGroupRule.html */
export function sdkRuleFrom({ group, direction, ruleId, rule }: GroupRule, { read, region }: Pick<ReadOnlyContext, 'read' | 'region'>): SdkRule {
  const ownerId = accountIdOf(group.metadata.namespace, read);
  const reference = rule.referencedGroup && shownReference(rule.referencedGroup, group, read);
  return {
    SecurityGroupRuleId: ruleId,
    GroupId: ec2IdOf('sg', group),
    GroupOwnerId: ownerId,
    IsEgress: direction === 'egress',
    ...trafficFrom(rule),
    ...blocksFrom(rule, group, read),
    ...(reference && { ReferencedGroupInfo: { GroupId: reference.groupId, UserId: reference.userId } }),
    ...(rule.description !== undefined && { Description: rule.description }),
    Tags: sdkTagsFrom(rule.tags),
    SecurityGroupRuleArn: `arn:aws:ec2:${region}:${ownerId}:security-group-rule/${ruleId}`,
  };
}

/** A rule that was taken away, in the API's shape. */
export function revokedRuleFrom({ group, direction, ruleId, rule }: GroupRule, read: Read): RevokedSecurityGroupRule {
  return {
    SecurityGroupRuleId: ruleId,
    GroupId: ec2IdOf('sg', group),
    IsEgress: direction === 'egress',
    ...trafficFrom(rule),
    ...blocksFrom(rule, group, read),
    ...(rule.referencedGroup && { ReferencedGroupId: shownReference(rule.referencedGroup, group, read).groupId }),
    ...(rule.description !== undefined && { Description: rule.description }),
  };
}

/** Where there are no ports, rules say -1, other than permissions, which say nothing: Terraform tells them apart. */
function trafficFrom(rule: SecurityGroupRule): Pick<SdkRule, 'IpProtocol' | 'FromPort' | 'ToPort'> {
  const { protocol, fromPort = -1, toPort = -1 } = ruleTrafficOf(rule);
  return { IpProtocol: protocol, FromPort: fromPort, ToPort: toPort };
}

function blocksFrom({ cidrIpv4, cidrIpv6, prefixListId }: SecurityGroupRule, group: SecurityGroup, read: Read): Pick<SdkRule, 'CidrIpv4' | 'CidrIpv6' | 'PrefixListId'> {
  if (cidrIpv4 !== undefined) return { CidrIpv4: canonicalCidrFrom(cidrIpv4)?.text ?? cidrIpv4 };
  if (cidrIpv6 !== undefined) return { CidrIpv6: canonicalCidrFrom(cidrIpv6)?.text ?? cidrIpv6 };
  return prefixListId === undefined ? {} : { PrefixListId: spellingFor(group, read).prefixList(prefixListId) };
}

/** A permission whose lists are all there: clients index them without a look. */
type Peers = 'IpRanges' | 'Ipv6Ranges' | 'PrefixListIds' | 'UserIdGroupPairs';
type Permission = Omit<IpPermission, Peers> & { [Name in Peers]: NonNullable<IpPermission[Name]> };

/**
 * Rules of one direction as permissions: those about the same traffic are one, with all other sides in it.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html
 */
export function permissionsFrom(rules: readonly GroupRule[], read: Read): IpPermission[] {
  const permissions = new Map<string, Permission>();
  for (const { group, rule } of rules) {
    const { protocol, fromPort, toPort } = ruleTrafficOf(rule);
    const key = `${protocol} ${String(fromPort)} ${String(toPort)}`;
    const permission: Permission = permissions.get(key) ?? {
      IpProtocol: protocol,
      ...(fromPort !== undefined && { FromPort: fromPort }),
      ...(toPort !== undefined && { ToPort: toPort }),
      IpRanges: [],
      Ipv6Ranges: [],
      PrefixListIds: [],
      UserIdGroupPairs: [],
    };
    permissions.set(key, permission);
    const described = rule.description === undefined ? {} : { Description: rule.description };
    const { CidrIpv4: CidrIp, CidrIpv6, PrefixListId } = blocksFrom(rule, group, read);
    if (CidrIp !== undefined) permission.IpRanges.push({ CidrIp, ...described });
    if (CidrIpv6 !== undefined) permission.Ipv6Ranges.push({ CidrIpv6, ...described });
    if (PrefixListId !== undefined) permission.PrefixListIds.push({ PrefixListId, ...described });
    if (rule.referencedGroup) {
      const { groupId, userId } = shownReference(rule.referencedGroup, group, read);
      permission.UserIdGroupPairs.push({ GroupId: groupId, UserId: userId, ...described });
    }
  }
  return [...permissions.values()];
}

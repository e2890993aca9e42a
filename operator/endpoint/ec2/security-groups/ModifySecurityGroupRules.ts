import type { ModifySecurityGroupRulesRequest, ModifySecurityGroupRulesResult, SecurityGroupRuleRequest } from '@aws-sdk/client-ec2';
import { ruleKeyOf, type Direction } from '../../../api/network/security-group-rule.ts';
import type { SecurityGroupRule } from '../../../api/network/security-group.ts';
import type { SecurityGroup } from '../../../kubernetes/resources.ts';
import { AwsError, missingParameter } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { IdKinds, requireEach } from '../ids.ts';
import { requireNew } from './authorize-rules.ts';
import { changeGroup } from './change-group.ts';
import { requireGroup } from './find-security-group.ts';
import { rulesOf } from './group-rules.ts';
import { blockFrom, descriptionFrom, prefixListIdFrom, referenceFrom } from './requested-rules.ts';
import { spellingFor } from './rule-references.ts';
import { requestedTraffic } from './rule-traffic.ts';

/**
 * Gives rules of a group, of both directions, another content; their ids and tags stay. All of them or none.
 * @throws AwsError InvalidSecurityGroupRuleId.*, InvalidPermission.Duplicate, InvalidParameterValue, MissingParameter, and those of requested-rules.ts
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifySecurityGroupRules.html
 */
export async function modifySecurityGroupRules(input: ModifySecurityGroupRulesRequest, context: OperationContext): Promise<ModifySecurityGroupRulesResult> {
  const group = requireGroup({ GroupId: input.GroupId }, context);
  const contents = contentsFrom(input, group, context);
  await changeGroup(
    group,
    (current) => {
      const rules = rulesOf(current);
      const changed = requireEach(IdKinds.securityGroupRule, [...contents.keys()], (id) => rules.find(({ ruleId }) => ruleId === id));
      const spelling = spellingFor(current, context.read);
      const sideOf = (direction: Direction): SecurityGroupRule[] => {
        const here = rules.filter((rule) => rule.direction === direction);
        const kept = here.filter(({ ruleId }) => !contents.has(ruleId)).map(({ rule }) => rule);
        const fresh = changed.filter((rule) => rule.direction === direction).map(({ ruleId }) => contents.get(ruleId) as SecurityGroupRule);
        requireNew(fresh, kept, spelling);
        if (new Set(fresh.map((rule) => ruleKeyOf(rule, spelling))).size < fresh.length) {
          throw new AwsError('InvalidParameterValue', 'The same permission must not appear multiple times');
        }
        return here.map(({ ruleId, rule }) => {
          const content = contents.get(ruleId);
          return content ? { ...content, ruleId, ...(rule.tags && { tags: rule.tags }) } : rule;
        });
      };
      return { ingress: sideOf('ingress'), egress: sideOf('egress') };
    },
    context.write,
  );
  return { Return: true };
}

function contentsFrom({ SecurityGroupRules }: ModifySecurityGroupRulesRequest, group: SecurityGroup, context: OperationContext): Map<string, SecurityGroupRule> {
  if (!SecurityGroupRules || SecurityGroupRules.length === 0) throw missingParameter('SecurityGroupRule');
  const contents = new Map<string, SecurityGroupRule>();
  for (const [position, { SecurityGroupRuleId, SecurityGroupRule }] of SecurityGroupRules.entries()) {
    if (!SecurityGroupRuleId) throw missingParameter(`SecurityGroupRule.${position + 1}.SecurityGroupRuleId`);
    if (!SecurityGroupRule) throw missingParameter(`SecurityGroupRule.${position + 1}.SecurityGroupRule`);
    if (contents.has(SecurityGroupRuleId)) throw new AwsError('InvalidParameterValue', `The security group rule ID '${SecurityGroupRuleId}' is specified more than once`);
    contents.set(SecurityGroupRuleId, ruleFrom(SecurityGroupRule, group, context));
  }
  return contents;
}

function ruleFrom(request: SecurityGroupRuleRequest, group: SecurityGroup, context: OperationContext): SecurityGroupRule {
  const { CidrIpv4, CidrIpv6, PrefixListId, ReferencedGroupId, Description } = request;
  const peers = [CidrIpv4, CidrIpv6, PrefixListId, ReferencedGroupId].filter(Boolean);
  if (peers.length !== 1) {
    throw new AwsError('InvalidParameterValue', 'Exactly one of CidrIpv4, CidrIpv6, PrefixListId and ReferencedGroupId must be specified for a rule');
  }
  return {
    ...requestedTraffic(withPorts(request), 'InvalidPermission.Malformed'),
    ...(CidrIpv4 && { cidrIpv4: blockFrom(CidrIpv4, 4) }),
    ...(CidrIpv6 && { cidrIpv6: blockFrom(CidrIpv6, 6) }),
    ...(PrefixListId && { prefixListId: prefixListIdFrom(PrefixListId, context, true) }),
    ...(ReferencedGroupId && { referencedGroup: referenceFrom({ GroupId: ReferencedGroupId }, group, context, true) }),
    ...descriptionFrom(Description),
  };
}

/** ICMP without numbers is all of it, as DescribeSecurityGroupRules shows it. */
function withPorts({ IpProtocol, FromPort, ToPort }: SecurityGroupRuleRequest): SecurityGroupRuleRequest {
  const isIcmp = IpProtocol === 'icmp' || IpProtocol === '1';
  return { IpProtocol, FromPort: FromPort ?? (isIcmp ? -1 : undefined), ToPort: ToPort ?? (isIcmp ? -1 : undefined) };
}

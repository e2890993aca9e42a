import type { DescribeSecurityGroupRulesRequest, DescribeSecurityGroupRulesResult } from '@aws-sdk/client-ec2';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { literalFilterValues, predicateFrom, type FilterTable } from '../filters.ts';
import { IdKinds, requireEach } from '../ids.ts';
import { forbidPagesWithIds, pageOf, pageScopeOf } from '../pages.ts';
import { groupOfId, ownGroups } from './find-security-group.ts';
import { findRule } from './find-rule.ts';
import { rulesOf, sdkRuleFrom, type GroupRule } from './group-rules.ts';

const filterTable: FilterTable<GroupRule> = {
  'group-id': ({ group }) => [ec2IdOf('sg', group)],
  'security-group-rule-id': ({ ruleId }) => [ruleId],
};

/**
 * Lists rules, those of one group together.
 * @throws AwsError InvalidSecurityGroupRuleId.Malformed, InvalidSecurityGroupRuleId.NotFound, InvalidParameterValue, InvalidParameterCombination,
 *   InvalidNextToken
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSecurityGroupRules.html
 */
export async function describeSecurityGroupRules(input: DescribeSecurityGroupRulesRequest, context: ReadOnlyContext): Promise<DescribeSecurityGroupRulesResult> {
  forbidPagesWithIds('securityGroupRuleIds', input.SecurityGroupRuleIds, input);
  const matches = predicateFrom(input.Filters, filterTable, ({ rule }) => rule.tags);
  const scope = pageScopeOf('DescribeSecurityGroupRules', context);
  const keyOf = ({ group, direction, ruleId }: GroupRule): string => `${ec2IdOf('sg', group)}/${direction}/${ruleId}`;
  const page = pageOf(namedBy(input, context).filter(matches), input, { minimum: 5, maximum: 1000 }, scope, keyOf);
  return { SecurityGroupRules: page.items.map((rule) => sdkRuleFrom(rule, context)), ...(page.NextToken !== undefined && { NextToken: page.NextToken }) };
}

/** Clients mostly ask for the rules of one group: then nothing else is looked at. */
function namedBy({ SecurityGroupRuleIds = [], Filters }: DescribeSecurityGroupRulesRequest, context: ReadOnlyContext): readonly GroupRule[] {
  if (SecurityGroupRuleIds.length > 0) return requireEach(IdKinds.securityGroupRule, SecurityGroupRuleIds, (id) => findRule(id, context));
  const groupIds = literalFilterValues(Filters, 'group-id');
  const groups = groupIds ? [...new Set(groupIds)].flatMap((id) => groupOfId(id, context) ?? []) : ownGroups(context);
  return groups.flatMap((group) => rulesOf(group));
}

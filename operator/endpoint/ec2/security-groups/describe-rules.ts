import type { IpPermission, SecurityGroupRuleDescription } from '@aws-sdk/client-ec2';
import { ruleKeyOf, type Direction } from '../../../api/network/security-group-rule.ts';
import type { SecurityGroupRule } from '../../../api/network/security-group.ts';
import type { SecurityGroup } from '../../../kubernetes/resources.ts';
import { AwsError } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { IdKinds, requireEach } from '../ids.ts';
import { changeGroup } from './change-group.ts';
import { requireGroup, type GroupName } from './find-security-group.ts';
import { rulesOf, type GroupRule } from './group-rules.ts';
import { descriptionFrom, requestedRules } from './requested-rules.ts';
import { spellingFor } from './rule-references.ts';

type Request = GroupName & { IpPermissions?: IpPermission[] | undefined; SecurityGroupRuleDescriptions?: SecurityGroupRuleDescription[] | undefined };

/**
 * Gives rules of a group new descriptions, or takes them away; the rules and their ids stay.
 * @throws AwsError InvalidPermission.NotFound, InvalidSecurityGroupRuleId.*, MissingParameter, InvalidParameterCombination, and those of requested-rules.ts
 *   and find-security-group.ts
 */
export async function describeRules(input: Request, direction: Direction, context: OperationContext): Promise<{ Return: boolean }> {
  const group = requireGroup(input, context);
  const descriptionsIn = descriptionsOf(input, direction, group, context);
  await changeGroup(
    group,
    (current) => {
      const descriptions = descriptionsIn(current);
      return { [direction]: rulesOf(current, [direction]).map((rule) => (descriptions.has(rule.ruleId) ? described(rule, descriptions.get(rule.ruleId)) : rule.rule)) };
    },
    context.write,
  );
  return { Return: true };
}

function described({ rule: { description: _former, ...rule } }: GroupRule, description: string | undefined): SecurityGroupRule {
  return { ...rule, ...(description !== undefined && { description }) };
}

/** What tells the new descriptions by rule id, in a version of the group. */
function descriptionsOf(input: Request, direction: Direction, group: SecurityGroup, context: OperationContext): (current: SecurityGroup) => Map<string, string | undefined> {
  const { IpPermissions = [], SecurityGroupRuleDescriptions: byId = [] } = input;
  if (IpPermissions.length > 0 && byId.length > 0) {
    throw new AwsError('InvalidParameterCombination', 'The parameter ipPermissions cannot be used with the parameter securityGroupRuleDescriptions');
  }
  if (byId.length > 0) {
    const descriptions = new Map(byId.map(({ SecurityGroupRuleId = '', Description }) => [SecurityGroupRuleId, descriptionFrom(Description).description]));
    return (current) => {
      const rules = rulesOf(current, [direction]);
      requireEach(IdKinds.securityGroupRule, [...descriptions.keys()], (id) => rules.find(({ ruleId }) => ruleId === id));
      return descriptions;
    };
  }
  if (IpPermissions.length === 0) throw new AwsError('MissingParameter', 'Either ipPermissions or securityGroupRuleDescriptions must be specified');
  const wanted = requestedRules({ IpPermissions }, group, context, false);
  return (current) => {
    const spelling = spellingFor(current, context.read);
    const rulesByKey = Map.groupBy(rulesOf(current, [direction]), ({ rule }) => ruleKeyOf(rule, spelling));
    return new Map(
      wanted.flatMap((rule) => {
        const found = rulesByKey.get(ruleKeyOf(rule, spelling));
        if (!found) throw new AwsError('InvalidPermission.NotFound', 'The specified rule does not exist in this security group.');
        return found.map(({ ruleId }) => [ruleId, rule.description] as const);
      }),
    );
  };
}

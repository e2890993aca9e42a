import type { RevokedSecurityGroupRule } from '@aws-sdk/client-ec2';
import { ruleKeyOf, type Direction } from '../../../api/network/security-group-rule.ts';
import type { SecurityGroup } from '../../../kubernetes/resources.ts';
import { AwsError } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { IdKinds, requireEach } from '../ids.ts';
import { changeGroup } from './change-group.ts';
import { requireGroup, type GroupName } from './find-security-group.ts';
import { revokedRuleFrom, rulesOf, type GroupRule } from './group-rules.ts';
import { requestedRules, type RequestedRules } from './requested-rules.ts';
import { spellingFor } from './rule-references.ts';

type Request = GroupName & RequestedRules & { SecurityGroupRuleIds?: string[] | undefined };

/**
 * Takes rules away from a group: all of them or, if one is not there, none.
 * @throws AwsError InvalidPermission.NotFound, InvalidSecurityGroupRuleId.Malformed, InvalidSecurityGroupRuleId.NotFound, InvalidParameterCombination, and
 *   those of requested-rules.ts and find-security-group.ts
 */
export async function revokeRules(
  input: Request,
  direction: Direction,
  context: OperationContext,
): Promise<{ Return: boolean; UnknownIpPermissions: []; RevokedSecurityGroupRules: RevokedSecurityGroupRule[] }> {
  const group = requireGroup(input, context);
  const find = rulesToRevoke(input, direction, group, context);
  let revoked: GroupRule[] = [];
  await changeGroup(
    group,
    (current) => {
      revoked = find(current);
      const gone = new Set(revoked.map(({ rule }) => rule));
      return { [direction]: current.spec[direction].filter((rule) => !gone.has(rule)) };
    },
    context.write,
  );
  return { Return: true, UnknownIpPermissions: [], RevokedSecurityGroupRules: revoked.map((rule) => revokedRuleFrom(rule, context.read)) };
}

/** What finds the rules of a request in a version of the group. */
function rulesToRevoke({ SecurityGroupRuleIds, ...input }: Request, direction: Direction, group: SecurityGroup, context: OperationContext): (current: SecurityGroup) => GroupRule[] {
  if (SecurityGroupRuleIds && SecurityGroupRuleIds.length > 0) {
    if (input.IpPermissions && input.IpPermissions.length > 0) {
      throw new AwsError('InvalidParameterCombination', 'The parameter ipPermissions cannot be used with the parameter securityGroupRuleIds');
    }
    return (current) => {
      const rules = rulesOf(current, [direction]);
      return requireEach(IdKinds.securityGroupRule, SecurityGroupRuleIds, (id) => rules.find(({ ruleId }) => ruleId === id));
    };
  }
  const wanted = requestedRules(input, group, context, false);
  return (current) => {
    const spelling = spellingFor(current, context.read);
    const keys = new Set(wanted.map((rule) => ruleKeyOf(rule, spelling)));
    const found = rulesOf(current, [direction]).filter(({ rule }) => keys.has(ruleKeyOf(rule, spelling)));
    const foundKeys = new Set(found.map(({ rule }) => ruleKeyOf(rule, spelling)));
    if (foundKeys.size < keys.size) throw new AwsError('InvalidPermission.NotFound', 'The specified rule does not exist in this security group.');
    return found;
  };
}

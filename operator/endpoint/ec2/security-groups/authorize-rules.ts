import { randomBytes } from 'node:crypto';
import type { SecurityGroupRule as SdkRule, TagSpecification } from '@aws-sdk/client-ec2';
import { ruleKeyOf, rulePeerOf, ruleTrafficOf, type Direction, type ReferenceSpelling } from '../../../api/network/security-group-rule.ts';
import { RULES_LIMIT, type SecurityGroupRule } from '../../../api/network/security-group.ts';
import { AwsError } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { tagsFromSpecifications } from '../tag-specifications.ts';
import { changeGroup, rulesLimitExceeded } from './change-group.ts';
import { requireGroup, type GroupName } from './find-security-group.ts';
import { rulesOf, sdkRuleFrom } from './group-rules.ts';
import { requestedRules, type RequestedRules } from './requested-rules.ts';
import { spellingFor } from './rule-references.ts';

type Request = GroupName & RequestedRules & { TagSpecifications?: TagSpecification[] | undefined };

/**
 * Adds rules to a group: all of them or, if one is wrong or there already, none.
 * @throws AwsError InvalidPermission.Duplicate, RulesPerSecurityGroupLimitExceeded, and those of requested-rules.ts and find-security-group.ts
 */
export async function authorizeRules(input: Request, direction: Direction, context: OperationContext): Promise<{ Return: boolean; SecurityGroupRules: SdkRule[] }> {
  const group = requireGroup(input, context);
  const tags = tagsFromSpecifications(input.TagSpecifications, 'security-group-rule');
  const added = requestedRules(input, group, context, true).map((rule) => ({ ...rule, ruleId: newRuleId(), ...(tags.length > 0 && { tags }) }));
  const changed = await changeGroup(
    group,
    (current) => {
      const spelling = spellingFor(current, context.read);
      requireNew(added, current.spec[direction], spelling);
      const rules = [...current.spec[direction], ...added];
      if (rules.length > RULES_LIMIT) throw rulesLimitExceeded();
      return { [direction]: rules };
    },
    context.write,
  );
  const ids = new Set(added.map(({ ruleId }) => ruleId));
  const made = rulesOf(changed, [direction]).filter(({ ruleId }) => ids.has(ruleId));
  return { Return: true, SecurityGroupRules: made.map((rule) => sdkRuleFrom(rule, context)) };
}

/** @throws AwsError InvalidPermission.Duplicate - for the first rule that is among those that are there */
export function requireNew(added: readonly SecurityGroupRule[], present: readonly SecurityGroupRule[], spelling: ReferenceSpelling): void {
  const known = new Set(present.map((rule) => ruleKeyOf(rule, spelling)));
  const twice = added.find((rule) => known.has(ruleKeyOf(rule, spelling)));
  if (twice) throw new AwsError('InvalidPermission.Duplicate', `the specified rule "${describe(twice, spelling)}" already exists`);
}

function newRuleId(): string {
  return `sgr-${randomBytes(9).toString('hex').slice(0, 17)}`;
}

function describe(rule: SecurityGroupRule, spelling: ReferenceSpelling): string {
  const { protocol, fromPort, toPort } = ruleTrafficOf(rule);
  const peer = `peer: ${rulePeerOf(rule, spelling).replace(/^[0-9]{12}\//, '')}`;
  const name = protocol === '-1' ? 'ALL' : protocol.toUpperCase();
  return fromPort === undefined ? `${peer}, ${name}, ALLOW` : `${peer}, ${name}, from port: ${fromPort}, to port: ${String(toPort)}, ALLOW`;
}

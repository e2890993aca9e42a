import type { ReadOnlyContext } from '../../operation.ts';
import { securityGroupsByRule, withinNamespace } from '../indexes.ts';
import { isThere } from './find-security-group.ts';
import { rulesOf, type GroupRule } from './group-rules.ts';

/** The caller's rule of an id. */
export function findRule(ruleId: string, { read, caller }: Pick<ReadOnlyContext, 'read' | 'caller'>): GroupRule | undefined {
  const [group] = read.byIndex(securityGroupsByRule, withinNamespace(caller.namespace, ruleId)).filter((candidate) => isThere(candidate, { read }));
  return group && rulesOf(group).find((rule) => rule.ruleId === ruleId);
}

import { PARTIALLY_ENFORCED_REASON, SecurityGroupConditions } from '../../api/network/security-group.ts';
import type { ConditionClaim } from '../../runtime/conditions.ts';
import type { Enforcement } from './enforcement.ts';
import type { Unexpressed } from './resolve-rules.ts';

type Claim = Omit<ConditionClaim, 'observedGeneration'>;

/** Rules that a message names; a condition must not grow without end. */
const NAMED_LIMIT = 50;

/** What is said about a group's rules: whether the network enforces its policy, and which rules are not in it. Pure. */
export function enforcementClaims(policyName: string, { mechanism, isEnforced }: Enforcement, unexpressed: readonly Unexpressed[]): Claim[] {
  const missing = missingRules(unexpressed);
  const partially: Claim =
    unexpressed.length === 0
      ? { type: SecurityGroupConditions.partiallyEnforced, status: 'False', reason: 'AllRulesExpressed', message: `NetworkPolicy ${policyName} holds every rule.` }
      : { type: SecurityGroupConditions.partiallyEnforced, status: 'True', reason: 'RulesNotExpressed', message: missing };
  return [enforced(policyName, mechanism, isEnforced, missing), partially];
}

function enforced(policyName: string, mechanism: string, isEnforced: boolean | undefined, missing: string): Claim {
  const type = SecurityGroupConditions.enforced;
  if (isEnforced === undefined) {
    const advice = 'set KUBE_EC2_NETWORK_POLICY to enforced or not-enforced if you know';
    return { type, status: 'Unknown', reason: 'MechanismUnknown', message: `Nobody can tell whether NetworkPolicy ${policyName} is enforced: ${mechanism}; ${advice}.` };
  }
  if (!isEnforced) {
    return { type, status: 'False', reason: 'NotEnforced', message: `NetworkPolicy ${policyName} has no effect: ${mechanism} does not enforce NetworkPolicies, all traffic passes.` };
  }
  if (missing !== '') {
    return { type, status: 'False', reason: PARTIALLY_ENFORCED_REASON, message: `NetworkPolicy ${policyName}, by ${mechanism}, without some rules. ${missing}` };
  }
  return { type, status: 'True', reason: 'Enforced', message: `NetworkPolicy ${policyName}, by ${mechanism}.` };
}

function missingRules(unexpressed: readonly Unexpressed[]): string {
  if (unexpressed.length === 0) return '';
  const named = unexpressed.slice(0, NAMED_LIMIT).map(({ ruleId, message }) => `${ruleId}, ${message}`);
  const more = unexpressed.length - named.length;
  return `Not enforced: ${named.join('; ')}${more > 0 ? `; and ${String(more)} more` : ''}.`;
}

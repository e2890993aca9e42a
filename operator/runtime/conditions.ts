import type { Condition } from '../api/shared.ts';
import type { Clock } from '../kubernetes/clock.ts';

/** A condition as a step states it; the time is filled in. */
export type ConditionClaim = Omit<Condition, 'lastTransitionTime'>;

/**
 * The conditions with one of them set. `lastTransitionTime` only moves when the status changes, so that a repeated pass changes nothing.
 * The order stays: a new condition comes last.
 */
export function setCondition(conditions: readonly Condition[] | undefined, claim: ConditionClaim, clock: Clock): Condition[] {
  const before = conditions?.find(({ type }) => type === claim.type);
  const hasTurned = before?.status !== claim.status;
  const lastTransitionTime = before === undefined || hasTurned ? `${new Date(clock.now()).toISOString().slice(0, 19)}Z` : before.lastTransitionTime;
  const condition: Condition = { ...claim, lastTransitionTime };
  if (before === undefined) return [...(conditions ?? []), condition];
  return (conditions ?? []).map((other) => (other.type === claim.type ? condition : other));
}

/** The conditions without one of them. */
export function withoutCondition(conditions: readonly Condition[] | undefined, type: string): Condition[] {
  return (conditions ?? []).filter((condition) => condition.type !== type);
}

/** Whether the condition is there and True. With a generation: and was computed from that generation or a later one. */
export function isTrue(conditions: readonly Condition[] | undefined, type: string, generation?: number): boolean {
  const condition = conditions?.find((candidate) => candidate.type === type);
  if (condition?.status !== 'True') return false;
  return generation === undefined || (condition.observedGeneration ?? 0) >= generation;
}

import type { HealthCheck, TargetStatus } from '../../api/network/target-group.ts';
import type { CheckResult } from './check-health.ts';

type State = TargetStatus['state'];

interface Streak {
  passed: number;
  failed: number;
  /** How it failed last. */
  failure: CheckResult | undefined;
}

/**
 * Counts checks in a row, target by target. Kept in this process only: after a restart the states go on from the status, and the counting begins anew, so
 * that nothing has to be written for a check that changes nothing.
 */
export class HealthMemory {
  readonly #streaks = new Map<string, Streak>();
  readonly #checkedAt = new Map<string, number>();

  /** Seconds until the next round of a target group is due; 0 if it is. */
  secondsUntilDue(groupUid: string, intervalSeconds: number, now: number): number {
    const last = this.#checkedAt.get(groupUid);
    return last === undefined ? 0 : Math.max(0, intervalSeconds - (now - last) / 1000);
  }

  /** Notes a round of checks, and forgets targets that are no longer there. */
  record(groupUid: string, results: ReadonlyMap<string, CheckResult>, now: number): void {
    this.#checkedAt.set(groupUid, now);
    const prefix = `${groupUid}/`;
    for (const key of this.#streaks.keys()) if (key.startsWith(prefix) && !results.has(key.slice(prefix.length))) this.#streaks.delete(key);
    for (const [target, last] of results) {
      const before = this.#streaks.get(prefix + target) ?? { passed: 0, failed: 0, failure: undefined };
      const isPassed = last === 'passed';
      this.#streaks.set(prefix + target, { passed: isPassed ? before.passed + 1 : 0, failed: isPassed ? 0 : before.failed + 1, failure: isPassed ? before.failure : last });
    }
  }

  /** Forgets a target group. */
  forget(groupUid: string): void {
    this.#checkedAt.delete(groupUid);
    this.record(groupUid, new Map(), 0);
    this.#checkedAt.delete(groupUid);
  }

  /** The state of a target that is checked, from the one before and the checks since. */
  stateOf(groupUid: string, target: string, before: State | undefined, { healthyThresholdCount, unhealthyThresholdCount }: HealthCheck): { state: State; failure: CheckResult | undefined } {
    const streak = this.#streaks.get(`${groupUid}/${target}`);
    const known: State = before === 'healthy' || before === 'unhealthy' ? before : 'initial';
    if (!streak) return { state: known, failure: undefined };
    // The first check of a new target decides at once if it passes, as with a load balancer.
    const isHealthy = streak.passed >= (known === 'initial' ? 1 : healthyThresholdCount);
    if (isHealthy) return { state: 'healthy', failure: streak.failure };
    return { state: streak.failed >= unhealthyThresholdCount ? 'unhealthy' : known, failure: streak.failure };
  }
}

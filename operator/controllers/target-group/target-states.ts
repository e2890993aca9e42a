import type { TargetGroup, TargetStatus } from '../../api/network/target-group.ts';
import type { CheckResult } from './check-health.ts';
import type { HealthMemory } from './health-memory.ts';
import type { RegisteredTarget } from './registered-targets.ts';

/** Name of a target among those of its group. */
export function targetKeyOf({ id, port }: Pick<RegisteredTarget, 'id' | 'port'>): string {
  return `${id}:${String(port)}`;
}

/** The health of each target, in Elastic Load Balancing's words. @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetHealth.html */
export function targetStatesOf(targetGroup: TargetGroup, targets: readonly RegisteredTarget[], memory: HealthMemory): TargetStatus[] {
  const before = new Map((targetGroup.status?.targets ?? []).map((target) => [targetKeyOf(target), target.state]));
  return targets.map((target) => ({ id: target.id, port: target.port, ...stateOf(targetGroup, target, before.get(targetKeyOf(target)), memory) }));
}

function stateOf({ metadata, spec }: TargetGroup, target: RegisteredTarget, before: TargetStatus['state'] | undefined, memory: HealthMemory): Omit<TargetStatus, 'id' | 'port'> {
  const { instance, address } = target;
  const instanceState = instance?.status?.state ?? 'pending';
  if (spec.targetType === 'instance' && instance === undefined) return { state: 'unused', reason: 'Target.InvalidState', description: 'Target does not exist' };
  if (spec.targetType === 'instance' && instanceState !== 'running' && instanceState !== 'pending') {
    return { state: 'unused', reason: 'Target.InvalidState', description: `Target is in the ${instanceState} state` };
  }
  if (spec.targetType === 'ip' && address === undefined) return { state: 'unused', reason: 'Target.IpUnusable', description: 'Target IP address cannot be an endpoint of a Service' };
  if (address === undefined) return { state: 'initial', reason: 'Elb.RegistrationInProgress', description: 'Target registration is in progress' };
  if (!spec.healthCheck.enabled) return { state: 'healthy' };
  const { state, failure } = memory.stateOf(metadata.uid ?? '', targetKeyOf(target), before, spec.healthCheck);
  if (state === 'healthy') return { state };
  if (state === 'initial') return { state, reason: 'Elb.InitialHealthChecking', description: 'Initial health checks in progress' };
  return { state, ...failureOf(failure) };
}

function failureOf(failure: CheckResult | undefined): Pick<TargetStatus, 'reason' | 'description'> {
  if (failure === 'timeout') return { reason: 'Target.Timeout', description: 'Request timed out' };
  if (failure === 'wrong code') return { reason: 'Target.ResponseCodeMismatch', description: 'Health checks failed with another code than the matcher' };
  return { reason: 'Target.FailedHealthChecks', description: 'Health checks failed' };
}

import type { AutoScalingGroup } from './auto-scaling-group.ts';
import { hasStarted, isEnding, type Member } from './auto-scaling-member.ts';
import { InstanceConditions } from '../compute/instance.ts';

/** How long a status check must fail until the instance is replaced: a machine that crashed starts again by itself within this time. */
export const FAILED_CHECK_SECONDS = 120;

/** What is wrong with a member, or will be if nothing changes. */
export interface HealthProblem {
  /** For a cause: `an instance was taken out of service in response to ...`. */
  response: string;
  /** Milliseconds since the epoch from when it counts. */
  from: number;
}

/**
 * What is wrong with a member's health: reported by somebody, stopped or ended past the group, or a status check that fails. Undefined for a healthy
 * one. Pure.
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-health-checks.html
 */
export function healthProblemOf(member: Member, { spec }: AutoScalingGroup): HealthProblem | undefined {
  const { healthStatus, healthReportedAt, standby, warm, leaving } = member.spec.autoScaling;
  if (healthStatus === 'Unhealthy') return { response: 'a user health-check.', from: timeOf(healthReportedAt) };
  if (spec.suspendedProcesses?.includes('HealthCheck') || standby || warm || !hasStarted(member)) return undefined;
  if (leaving === undefined && (isEnding(member) || member.spec.powerState === 'stopped')) {
    return { response: 'an EC2 health check indicating it has been terminated or stopped.', from: 0 };
  }
  const failed = (member.status?.conditions ?? []).filter(
    ({ type, status }) => (type === InstanceConditions.systemStatusOk || type === InstanceConditions.instanceStatusOk) && status === 'False',
  );
  if (failed.length === 0) return undefined;
  const since = Math.min(...failed.map(({ lastTransitionTime }) => timeOf(lastTransitionTime)));
  const graceEnd = timeOf(member.status?.launchTime) + spec.healthCheckGracePeriod * 1000;
  return { response: 'an EC2 instance status checks failure.', from: Math.max(since + FAILED_CHECK_SECONDS * 1000, graceEnd) };
}

/** Health as the API shows it. */
export function healthStatusOf(member: Member, group: AutoScalingGroup, now: number): 'Healthy' | 'Unhealthy' {
  const problem = healthProblemOf(member, group);
  return problem !== undefined && problem.from <= now ? 'Unhealthy' : 'Healthy';
}

function timeOf(time: string | undefined): number {
  return time === undefined ? 0 : Date.parse(time);
}

import type { AutoScalingGroup } from '../../api/auto-scaling/auto-scaling-group.ts';
import type { ScalingPolicy, StepAdjustment } from '../../api/auto-scaling/scaling-policy.ts';
import type { GroupCapacity } from './group-capacity.ts';

/** Capacity that a policy wants, and why. */
export interface Proposal {
  policy: ScalingPolicy;
  capacity: number;
  cause: string;
}

/** What an alarm says to its policy. */
export interface Breach {
  /** The alarm and its state, for people. */
  alarm: string;
  /** Metric minus threshold. */
  difference: number;
}

/** Capacity after an adjustment of `base`, before the limits of the group. Pure. */
export function adjustedCapacity({ spec }: ScalingPolicy, adjustment: number, base: number): number {
  switch (spec.adjustmentType) {
    case 'ExactCapacity':
      return adjustment;
    case 'PercentChangeInCapacity':
      return base + percentChange(adjustment, base, spec.minAdjustmentMagnitude ?? 1);
    default:
      return base + adjustment;
  }
}

/**
 * A change of a percentage: cut towards zero beyond one instance, one instance below that, and at least the magnitude that the policy asks for.
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scaling-simple-step.html#as-scaling-adjustment
 */
function percentChange(percent: number, base: number, magnitude: number): number {
  const exact = (base * percent) / 100;
  if (exact === 0) return 0;
  return Math.sign(exact) * Math.max(Math.trunc(Math.abs(exact)), magnitude, 1);
}

/** The step whose interval holds the breach. Above the threshold the lower bound belongs to a step, below it the upper one. Pure. */
export function stepFor(steps: readonly StepAdjustment[], difference: number): StepAdjustment | undefined {
  return steps.find(({ metricIntervalLowerBound: lower = -Infinity, metricIntervalUpperBound: upper = Infinity }) =>
    difference >= 0 ? difference >= lower && difference < upper : difference > lower && difference <= upper,
  );
}

/** What a simple or step policy wants for a breach; undefined if it wants nothing. Pure. */
export function adjustmentProposal(policy: ScalingPolicy, { alarm, difference }: Breach, { desired, warming }: GroupCapacity): Proposal | undefined {
  const { stepAdjustments, scalingAdjustment } = policy.spec;
  const adjustment = stepAdjustments ? stepFor(stepAdjustments, difference)?.scalingAdjustment : scalingAdjustment;
  if (adjustment === undefined) return undefined;
  const isStep = stepAdjustments !== undefined;
  // What a step policy has asked for before and is still warming counts as part of the same answer, not as a base for more.
  const capacity = adjustedCapacity(policy, adjustment, isStep ? desired - warming : desired);
  const isIn = adjustedCapacity(policy, adjustment, desired) < desired;
  if (isIn) return isStep && warming > 0 ? undefined : { policy, capacity: adjustedCapacity(policy, adjustment, desired), cause: alarm };
  return { policy, capacity: Math.max(desired, capacity), cause: alarm };
}

/** What target tracking wants when the metric is beyond its target: as many instances as bring it there, one more at least. Pure. */
export function scaleOutProposal(policy: ScalingPolicy, alarmName: string, value: number | undefined, { desired, warming }: GroupCapacity): Proposal {
  const base = Math.max(0, desired - warming);
  const target = policy.spec.targetTracking?.targetValue ?? 1;
  const wanted = value === undefined ? base + 1 : Math.ceil((base * value) / target);
  return { policy, capacity: Math.max(desired, base + 1, wanted), cause: `alarm ${alarmName} in state ALARM` };
}

/** What it wants when the metric is well below: as few as keep it under the target, one less at least. Pure. */
export function scaleInProposal(policy: ScalingPolicy, alarmName: string, value: number | undefined, { desired, warming }: GroupCapacity): Proposal | undefined {
  if (warming > 0) return undefined;
  const target = policy.spec.targetTracking?.targetValue ?? 1;
  const wanted = value === undefined ? desired - 1 : Math.ceil((desired * value) / target);
  return { policy, capacity: Math.min(desired - 1, Math.max(0, wanted)), cause: `alarm ${alarmName} in state ALARM` };
}

/**
 * Which of several proposals counts: the largest. Target tracking policies remove instances only if all of them that may do so agree.
 * Undefined: the group stays as it is, its limits considered. Pure.
 */
export function chosenProposal(proposals: readonly Proposal[], policies: readonly ScalingPolicy[], group: AutoScalingGroup, desired: number): Proposal | undefined {
  const trackers = policies.filter(({ spec }) => spec.targetTracking !== undefined && !spec.targetTracking.disableScaleIn && spec.enabled);
  const wantIn = proposals.filter(({ policy, capacity }) => policy.spec.targetTracking !== undefined && capacity < desired);
  const agreed = trackers.every((tracker) => wantIn.some(({ policy }) => policy.metadata.name === tracker.metadata.name));
  const counted = proposals
    .filter(({ policy, capacity }) => capacity !== desired && (capacity > desired || policy.spec.targetTracking === undefined || agreed))
    .map((proposal) => ({ ...proposal, capacity: Math.max(group.spec.minSize, Math.min(group.spec.maxSize, proposal.capacity)) }));
  const [largest] = counted.toSorted((left, right) => right.capacity - left.capacity || (left.policy.metadata.name < right.policy.metadata.name ? -1 : 1));
  return largest === undefined || largest.capacity === desired ? undefined : largest;
}

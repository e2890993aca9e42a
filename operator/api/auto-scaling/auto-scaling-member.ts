import type { AutoScalingGroup } from './auto-scaling-group.ts';
import type { LifecycleAction, Membership } from './auto-scaling-membership.ts';
import type { Instance } from '../compute/instance.ts';

/** An Instance that is a member of a group. */
export type Member = Instance & { spec: { autoScaling: Membership } };

/** States of a member in EC2's words; those that pass within one write (`Pending:Proceed` ...) do not show. */
export type LifecycleStateName =
  | 'Pending' | 'Pending:Wait' | 'InService' | 'Terminating' | 'Terminating:Wait' | 'Terminated' | 'Standby'
  | 'Warmed:Pending' | 'Warmed:Pending:Wait' | 'Warmed:Running' | 'Warmed:Stopped' | 'Warmed:Terminating' | 'Warmed:Terminated';

/** Whether the Instance belongs to the group: by name, and by uid where that is said. */
export function isMemberOf(group: AutoScalingGroup, instance: Instance): instance is Member {
  const membership = instance.spec.autoScaling;
  if (membership?.groupName !== group.metadata.name || instance.metadata.namespace !== group.metadata.namespace) return false;
  return membership.groupUid === undefined || membership.groupUid === group.metadata.uid;
}

/** Hooks of a transition that still hold the member up. */
export function openActionsOf({ spec }: Member, transition: LifecycleAction['lifecycleTransition']): LifecycleAction[] {
  return (spec.autoScaling.lifecycleActions ?? []).filter(({ lifecycleTransition, result }) => lifecycleTransition === transition && result === undefined);
}

/** Whether the instance ends or has ended, whoever wanted it. */
export function isEnding({ metadata, spec, status }: Instance): boolean {
  return metadata.deletionTimestamp !== undefined || spec.powerState === 'terminated' || status?.state === 'shutting-down' || status?.state === 'terminated';
}

/** Whether the member counts no more: it ends, or the group has decided so. */
export function isLeaving(member: Member): boolean {
  return member.spec.autoScaling.leaving !== undefined || isEnding(member);
}

/** The lifecycle state, from the Instance alone. @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-lifecycle.html */
export function lifecycleStateOf(member: Member): LifecycleStateName {
  const { spec, status } = member;
  const prefix = spec.autoScaling.warm === true ? 'Warmed:' : '';
  if (status?.state === 'terminated') return `${prefix}Terminated`;
  if (isEnding(member)) return `${prefix}Terminating`;
  if (spec.autoScaling.leaving !== undefined) {
    if (prefix !== '') return 'Warmed:Terminating';
    return openActionsOf(member, 'autoscaling:EC2_INSTANCE_TERMINATING').length > 0 ? 'Terminating:Wait' : 'Terminating';
  }
  if (spec.autoScaling.standby === true) return 'Standby';
  const isUp = hasStarted(member);
  const isHeld = openActionsOf(member, 'autoscaling:EC2_INSTANCE_LAUNCHING').length > 0;
  if (prefix !== '') return warmStateOf(member, isUp, isHeld);
  if (!isUp) return 'Pending';
  return isHeld ? 'Pending:Wait' : 'InService';
}

/** Whether the instance has come up: it is not on its way there any more. One that was stopped since stays in service until its health is judged. */
export function hasStarted({ spec, status }: Instance): boolean {
  if (status?.state === undefined || status.state === 'pending') return false;
  return status.state !== 'stopped' || spec.powerState !== 'running';
}

function warmStateOf({ status }: Member, isUp: boolean, isHeld: boolean): LifecycleStateName {
  if (status?.state === 'stopped') return 'Warmed:Stopped';
  if (!isUp) return 'Warmed:Pending';
  return isHeld ? 'Warmed:Pending:Wait' : 'Warmed:Running';
}

/** Capacity units that a member counts for. */
export function weightOf({ spec }: Member): number {
  return spec.autoScaling.weightedCapacity ?? 1;
}

import { isLeaving, isMemberOf, type Member } from '../../api/auto-scaling/auto-scaling-member.ts';
import { defineIndex, type Read } from '../../kubernetes/read.ts';
import { Instance, type AutoScalingGroup } from '../../kubernetes/resources.ts';

/** Instances by the group that they say they are in. */
export const instancesByGroup = defineIndex(Instance, 'controllers.autoScalingGroup', ({ metadata, spec }) =>
  spec.autoScaling === undefined ? [] : [`${metadata.namespace ?? ''}/${spec.autoScaling.groupName}`],
);

/** All members of a group, those included that have ended and still show; by ordinal. */
export function membersOf(group: AutoScalingGroup, read: Read): Member[] {
  return read
    .byIndex(instancesByGroup, `${group.metadata.namespace ?? ''}/${group.metadata.name}`)
    .flatMap((instance) => (isMemberOf(group, instance) ? [instance] : []))
    .toSorted((left, right) => (left.spec.autoScaling.ordinal ?? -1) - (right.spec.autoScaling.ordinal ?? -1) || (left.metadata.name < right.metadata.name ? -1 : 1));
}

/** The members with some of them as they are after a write; ones that are new come last, ones that went away go. */
export function withChanged(members: readonly Member[], changed: readonly Member[]): Member[] {
  const changedByName = new Map(changed.map((member) => [member.metadata.name, member]));
  const known = new Set(members.map(({ metadata }) => metadata.name));
  return [...members.map((member) => changedByName.get(member.metadata.name) ?? member), ...changed.filter(({ metadata }) => !known.has(metadata.name))];
}

/** Whether a member counts as capacity: there or on its way, neither leaving nor on standby nor in the warm pool. */
export function isCounting(member: Member): boolean {
  return !isLeaving(member) && member.spec.autoScaling.standby !== true && member.spec.autoScaling.warm !== true;
}

/** The zone of a member: where it runs, or where it is to run. */
export function zoneOf({ spec, status }: Member): string {
  return status?.availabilityZone ?? spec.placement.availabilityZone ?? '';
}

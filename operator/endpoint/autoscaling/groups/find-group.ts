import { createHash } from 'node:crypto';
import { autoScalingGroupNameOf } from '../../../api/auto-scaling/auto-scaling-group.ts';
import { isMemberOf, type Member } from '../../../api/auto-scaling/auto-scaling-member.ts';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import { defineIndex } from '../../../kubernetes/read.ts';
import { AutoScalingGroup, Instance } from '../../../kubernetes/resources.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { instancesById, withinNamespace } from '../../ec2/indexes.ts';
import { validationError } from '../../model-constraints.ts';
import type { AwsError } from '../../errors.ts';

type Lookup = Pick<ReadOnlyContext, 'read' | 'caller'>;

const groupsByName = defineIndex(AutoScalingGroup, 'autoscaling.name', (group) => [withinNamespace(group.metadata.namespace, autoScalingGroupNameOf(group))]);
const instancesByGroup = defineIndex(Instance, 'autoscaling.group', ({ metadata, spec }) => (spec.autoScaling === undefined ? [] : [withinNamespace(metadata.namespace, spec.autoScaling.groupName)]));

/** What names of Kubernetes objects may be, within what a label can hold. */
const OBJECT_NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

/** Name of the resource of a group that the API makes: the group's own where that can be one, so that kubectl shows what was asked for. */
export function resourceNameFor(groupName: string): string {
  if (groupName.length <= 63 && OBJECT_NAME.test(groupName)) return groupName;
  return `asg-${createHash('sha256').update(groupName).digest('hex').slice(0, 17)}`;
}

/** All groups of the account. */
export function groupsOf({ read, caller }: Lookup): readonly AutoScalingGroup[] {
  return read.list(AutoScalingGroup, caller.namespace);
}

/** The group of a name: of those that were given the same one with kubectl the oldest. */
export function findGroup(name: string, { read, caller }: Lookup): AutoScalingGroup | undefined {
  const ageOf = ({ metadata }: AutoScalingGroup): string => `${metadata.creationTimestamp ?? ''}/${metadata.name}`;
  return read.byIndex(groupsByName, withinNamespace(caller.namespace, name)).toSorted((left, right) => (ageOf(left) < ageOf(right) ? -1 : 1))[0];
}

/** @throws AwsError ValidationError */
export function requireGroup(name: string | undefined, context: Lookup): AutoScalingGroup {
  const group = findGroup(name ?? '', context);
  if (group !== undefined) return group;
  throw groupNotFound(name ?? '');
}

/** Auto Scaling's answer to a name that no group has: clients look for "not found". */
export function groupNotFound(name: string): AwsError {
  return validationError(`AutoScalingGroup name not found - AutoScalingGroup '${name}' not found`);
}

/** All members of a group whose resources are there. */
export function membersOf(group: AutoScalingGroup, { read }: Pick<Lookup, 'read'>): Member[] {
  return read.byIndex(instancesByGroup, withinNamespace(group.metadata.namespace, group.metadata.name)).flatMap((instance) => (isMemberOf(group, instance) ? [instance] : []));
}

/** The group that an instance says it is in. */
export function groupOfMember({ metadata, spec }: Member, { read }: Pick<Lookup, 'read'>): AutoScalingGroup | undefined {
  return read.get(AutoScalingGroup, { namespace: metadata.namespace, name: spec.autoScaling.groupName });
}

/** The member with an instance id, with its group, whatever group that is. */
export function findMember(id: string, { read, caller }: Lookup): { member: Member; group: AutoScalingGroup } | undefined {
  const instance = read.byIndex(instancesById, withinNamespace(caller.namespace, id))[0];
  if (instance?.spec.autoScaling === undefined) return undefined;
  const group = groupOfMember(instance as Member, { read });
  return group !== undefined && isMemberOf(group, instance) ? { member: instance, group } : undefined;
}

/** The members of a group with these ids. @throws AwsError ValidationError - one of them is not in it */
export function requireMembers(ids: readonly string[], group: AutoScalingGroup, context: Lookup): Member[] {
  const membersById = new Map(membersOf(group, context).map((member) => [ec2IdOf('i', member), member]));
  return [...new Set(ids)].map((id) => {
    const member = membersById.get(id);
    if (member !== undefined && member.status?.state !== 'terminated') return member;
    throw validationError(`The instance ${id} is not part of Auto Scaling group ${autoScalingGroupNameOf(group)}.`);
  });
}

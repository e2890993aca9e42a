import { ec2IdOf } from '../../../api/ec2-id.ts';
import { DEFAULT_SECURITY_GROUP_NAME } from '../../../api/network/security-group.ts';
import { SecurityGroup } from '../../../kubernetes/resources.ts';
import { AwsError } from '../../errors.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { IdKinds, requireEach } from '../ids.ts';
import { securityGroupsById, securityGroupsByName, withinNamespace } from '../indexes.ts';
import { defaultVpcIdOf } from '../vpcs/find-vpc.ts';
import { isInUse } from './group-users.ts';
import { vpcIdOfGroup } from './vpc-of-group.ts';

type Lookup = Pick<ReadOnlyContext, 'read' | 'caller'>;

/** How requests name a group: by id, or in the default VPC by name. */
export interface GroupName {
  GroupId?: string | undefined;
  GroupName?: string | undefined;
}

/** Whether a group is there for the API. One that was deleted stays only as long as instances are in it. */
export function isThere(group: SecurityGroup, { read }: Pick<Lookup, 'read'>): boolean {
  return group.metadata.deletionTimestamp === undefined || isInUse(group, read);
}

/** The caller's groups. */
export function ownGroups(context: Lookup): SecurityGroup[] {
  return context.read.list(SecurityGroup, context.caller.namespace).filter((group) => isThere(group, context));
}

/** The caller's group of an id. */
export function groupOfId(id: string, context: Lookup): SecurityGroup | undefined {
  return context.read.byIndex(securityGroupsById, withinNamespace(context.caller.namespace, id)).find((group) => isThere(group, context));
}

/** The group of a name in a VPC: of those that were given the same one with kubectl the oldest, as its controller says. */
export function groupOfName(name: string, vpcId: string | undefined, context: Lookup): SecurityGroup | undefined {
  const named = context.read.byIndex(securityGroupsByName, withinNamespace(context.caller.namespace, name));
  const [first] = named
    .filter((group) => isThere(group, context) && vpcIdOfGroup(group, context.read) === vpcId)
    .toSorted((left, right) => (ageKeyOf(left) < ageKeyOf(right) ? -1 : 1));
  return first;
}

/** The groups of these ids. @throws AwsError InvalidGroupId.Malformed, InvalidGroup.NotFound */
export function requireGroupsOfIds(ids: readonly string[] | undefined, context: Lookup): SecurityGroup[] {
  return requireEach(IdKinds.securityGroup, ids, (id) => groupOfId(id, context));
}

/** The group of a name in the default VPC. @throws AwsError InvalidGroup.NotFound */
export function requireGroupOfName(name: string, context: Lookup): SecurityGroup {
  const vpcId = defaultVpcIdOf(context.read, context.caller.namespace);
  const group = groupOfName(name, vpcId, context);
  if (group) return group;
  throw new AwsError(IdKinds.securityGroup.notFoundCode, `The security group '${name}' does not exist${vpcId === undefined ? '' : ` in default VPC '${vpcId}'`}`);
}

/** The one group that a request names. @throws AwsError MissingParameter, InvalidParameterCombination, InvalidGroupId.Malformed, InvalidGroup.NotFound */
export function requireGroup({ GroupId, GroupName }: GroupName, context: Lookup): SecurityGroup {
  if (GroupId && GroupName) throw new AwsError('InvalidParameterCombination', 'The parameter groupName cannot be used with the parameter groupId');
  if (GroupId) return requireGroupsOfIds([GroupId], context)[0] as SecurityGroup;
  if (!GroupName) throw new AwsError('MissingParameter', 'The request must contain the parameter groupName or groupId');
  return requireGroupOfName(GroupName, context);
}

/** Whether it is the group of instances that name none. */
export function isDefaultGroup({ spec }: SecurityGroup): boolean {
  return spec.groupName === DEFAULT_SECURITY_GROUP_NAME;
}

/** By age, those of one second by id; unique and the same for as long as the group lives. */
export function ageKeyOf(group: SecurityGroup): string {
  return `${group.metadata.creationTimestamp ?? ''}/${ec2IdOf('sg', group)}`;
}

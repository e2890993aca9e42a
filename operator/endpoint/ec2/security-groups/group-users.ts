import { ec2IdOf } from '../../../api/ec2-id.ts';
import { directions } from '../../../api/network/security-group-rule.ts';
import type { Read } from '../../../kubernetes/read.ts';
import type { Instance, NetworkInterface, SecurityGroup } from '../../../kubernetes/resources.ts';
import { instancesBySecurityGroup, networkInterfacesBySecurityGroup, securityGroupsByReferenced, withinNamespace } from '../indexes.ts';
import { shownStateOf } from '../instances/shown-state.ts';
import { referencedGroupOf } from './rule-references.ts';

function referencesTo({ metadata }: SecurityGroup, id: string): string[] {
  return [...new Set([metadata.name, id])];
}

/** Instances in a group that are not terminated. */
export function membersOf(group: SecurityGroup, read: Read): Instance[] {
  const found = referencesTo(group, ec2IdOf('sg', group)).flatMap((reference) => read.byIndex(instancesBySecurityGroup, withinNamespace(group.metadata.namespace, reference)));
  return [...new Set(found)].filter((instance) => shownStateOf(instance) !== 'terminated');
}

/** Whether an instance or a network interface is in a group. */
export function isInUse(group: SecurityGroup, read: Read): boolean {
  return membersOf(group, read).length > 0 || interfacesOf(group, read).length > 0;
}

function interfacesOf(group: SecurityGroup, read: Read): NetworkInterface[] {
  return referencesTo(group, ec2IdOf('sg', group)).flatMap((reference) => read.byIndex(networkInterfacesBySecurityGroup, withinNamespace(group.metadata.namespace, reference)));
}

/** Other groups, of whatever account, with a rule about this one. */
export function referrersOf(group: SecurityGroup, read: Read): SecurityGroup[] {
  const found = referencesTo(group, ec2IdOf('sg', group)).flatMap((reference) => read.byIndex(securityGroupsByReferenced, reference));
  return [...new Set(found)].filter(
    (other) =>
      other.metadata.uid !== group.metadata.uid &&
      directions.some((direction) => other.spec[direction].some(({ referencedGroup }) => referencedGroup && referencedGroupOf(referencedGroup, other, read) === group)),
  );
}

import { ec2IdOf } from '../../../api/ec2-id.ts';
import type { ReferenceSpelling } from '../../../api/network/security-group-rule.ts';
import type { SecurityGroupRule } from '../../../api/network/security-group.ts';
import type { Read } from '../../../kubernetes/read.ts';
import { ManagedPrefixList, SecurityGroup } from '../../../kubernetes/resources.ts';
import { accountsById, accountsByNamespace, prefixListsById, securityGroupsById, withinNamespace } from '../indexes.ts';

type GroupReference = NonNullable<SecurityGroupRule['referencedGroup']>;

/** The account that holds a namespace. */
export function accountIdOf(namespace: string | undefined, read: Read): string {
  return read.byIndex(accountsByNamespace, namespace ?? '')[0]?.spec.accountId ?? '';
}

/** The group that a rule of `group` names, in its own account or another. */
export function referencedGroupOf({ groupId, userId }: GroupReference, group: SecurityGroup, read: Read): SecurityGroup | undefined {
  const { namespace } = group.metadata;
  const isForeign = userId !== undefined && userId !== accountIdOf(namespace, read);
  const account = isForeign ? read.byIndex(accountsById, userId)[0] : undefined;
  const home = isForeign ? account && (account.spec.namespace ?? account.metadata.name) : namespace;
  if (home === undefined) return undefined;
  return read.byIndex(securityGroupsById, withinNamespace(home, groupId))[0] ?? read.get(SecurityGroup, { namespace: home, name: groupId });
}

/** The prefix list that a rule names. */
export function prefixListOf(reference: string, namespace: string | undefined, read: Read): ManagedPrefixList | undefined {
  return read.byIndex(prefixListsById, withinNamespace(namespace, reference))[0] ?? read.get(ManagedPrefixList, { namespace, name: reference });
}

/** What the API shows in the place of a reference: ids, whichever way it was written; as it is written if there is nothing behind it any more. */
export function shownReference(reference: GroupReference, group: SecurityGroup, read: Read): { groupId: string; userId: string } {
  const referenced = referencedGroupOf(reference, group, read);
  return { groupId: referenced ? ec2IdOf('sg', referenced) : reference.groupId, userId: reference.userId ?? accountIdOf(group.metadata.namespace, read) };
}

/** Gives references of a group's rules one spelling, to compare rules by. */
export function spellingFor(group: SecurityGroup, read: Read): ReferenceSpelling {
  return {
    group: (reference) => {
      const { groupId, userId } = shownReference(reference, group, read);
      return `${userId}/${groupId}`;
    },
    prefixList: (reference) => {
      const list = prefixListOf(reference, group.metadata.namespace, read);
      return list ? ec2IdOf('pl', list) : reference;
    },
  };
}

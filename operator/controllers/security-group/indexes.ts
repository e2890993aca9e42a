import { ec2IdOf } from '../../api/ec2-id.ts';
import { ACCOUNT_ID_LABEL } from '../../api/identity/account.ts';
import { securityGroupNameOf } from '../../api/network/security-group.ts';
import { defineIndex } from '../../kubernetes/read.ts';
import { Instance, ManagedPrefixList, Namespace, SecurityGroup } from '../../kubernetes/resources.ts';

/** Value that an object of a namespace is kept under. */
export function within(namespace: string | undefined, value: string): string {
  return `${namespace ?? ''}/${value}`;
}

/** Security groups by namespace and name or EC2 id: all that a reference may say. */
export const groupsByReference = defineIndex(SecurityGroup, 'controllers.reference', (group) => {
  const { namespace, name } = group.metadata;
  return [...new Set([name, ec2IdOf('sg', group)])].map((value) => within(namespace, value));
});

/** Security groups by namespace and name in EC2. */
export const groupsByName = defineIndex(SecurityGroup, 'controllers.groupName', (group) => [within(group.metadata.namespace, securityGroupNameOf(group))]);

/** Security groups by the groups that their rules name, as they name them, in whatever account. */
export const groupsByReferenced = defineIndex(SecurityGroup, 'controllers.referenced', ({ spec }) => [
  ...new Set([...spec.ingress, ...spec.egress].flatMap(({ referencedGroup }) => referencedGroup?.groupId ?? [])),
]);

/** Security groups by the prefix lists that their rules name. */
export const groupsByPrefixList = defineIndex(SecurityGroup, 'controllers.prefixList', ({ metadata, spec }) => [
  ...new Set([...spec.ingress, ...spec.egress].flatMap(({ prefixListId }) => (prefixListId === undefined ? [] : within(metadata.namespace, prefixListId)))),
]);

/** Security groups with a rule about another account, by that account. */
export const groupsByForeignAccount = defineIndex(SecurityGroup, 'controllers.foreignAccount', ({ spec }) => [
  ...new Set([...spec.ingress, ...spec.egress].flatMap(({ referencedGroup }) => referencedGroup?.userId ?? [])),
]);

/** Security groups on their way out, by namespace. */
export const deletedGroups = defineIndex(SecurityGroup, 'controllers.deleted', ({ metadata }) =>
  metadata.deletionTimestamp === undefined ? [] : [metadata.namespace ?? ''],
);

/** Prefix lists by namespace and name or EC2 id. */
export const prefixListsByReference = defineIndex(ManagedPrefixList, 'controllers.reference', (list) => {
  const { namespace, name } = list.metadata;
  return [...new Set([name, ec2IdOf('pl', list)])].map((value) => within(namespace, value));
});

/** Namespaces by the account that they hold. */
export const namespacesByAccount = defineIndex(Namespace, 'controllers.account', ({ metadata }) => {
  const accountId = metadata?.labels?.[ACCOUNT_ID_LABEL];
  return accountId === undefined ? [] : [accountId];
});

/** Instances by namespace and their security groups: those that they have, and those that they ask for. */
export const instancesByGroup = defineIndex(Instance, 'controllers.group', ({ metadata, spec, status }) => {
  if (status?.state === 'terminated') return [];
  return [...new Set([...(spec.securityGroupIds ?? []), ...(status?.securityGroupIds ?? [])])].map((value) => within(metadata.namespace, value));
});

import { ACCOUNT_ID_LABEL } from '../../api/identity/account.ts';
import { ec2IdOf } from '../../api/ec2-id.ts';
import { SecurityGroupConditions, securityGroupNameOf } from '../../api/network/security-group.ts';
import type { ObjectKey, Read } from '../../kubernetes/read.ts';
import { DaemonSet, Instance, ManagedPrefixList, Namespace, NetworkPolicy, Node, SecurityGroup, Vpc } from '../../kubernetes/resources.ts';
import { defineController, watching, watchingOwned, type AnyController } from '../../runtime/reconcile.ts';
import { isNetworkPlugin } from './enforcement.ts';
import { deletedGroups, groupsByForeignAccount, groupsByName, groupsByPrefixList, groupsByReferenced, within } from './indexes.ts';
import { BASELINE_POLICY } from './network-policy.ts';
import { reconcile } from './reconcile.ts';
import type { SecurityGroupSettings } from './settings.ts';

function keysOf(groups: readonly SecurityGroup[]): ObjectKey[] {
  return groups.map(({ metadata }) => ({ namespace: metadata.namespace, name: metadata.name }));
}

function referrersOf(group: SecurityGroup, read: Read): SecurityGroup[] {
  return [group.metadata.name, ec2IdOf('sg', group)].flatMap((reference) => read.byIndex(groupsByReferenced, reference));
}

function isGone({ metadata }: SecurityGroup, read: Read): boolean {
  return read.get(SecurityGroup, { namespace: metadata.namespace, name: metadata.name })?.metadata.uid !== metadata.uid;
}

/** Whether a group may be waiting for another one: as soon as that is known it is in the status, whose change brings the group here again. */
function hasUnexpressedRules({ status }: SecurityGroup): boolean {
  return status?.conditions?.some(({ type, status: value }) => type === SecurityGroupConditions.partiallyEnforced && value === 'True') ?? false;
}

/** Enforces security groups by NetworkPolicies. */
export function securityGroupController(settings: SecurityGroupSettings & { concurrency: number }): AnyController {
  return defineController({
    name: 'security-group',
    type: SecurityGroup,
    watches: [
      watchingOwned(NetworkPolicy, SecurityGroup),
      // The first group of the namespace makes the baseline again.
      watching(NetworkPolicy, ({ metadata }, read) => (metadata?.name === BASELINE_POLICY ? keysOf(read.list(SecurityGroup, metadata.namespace)).slice(0, 1) : [])),
      // Groups that name this one, if that may change anything for them, and its namesakes.
      watching(SecurityGroup, (group, read) => [
        ...keysOf(referrersOf(group, read).filter((referrer) => isGone(group, read) || hasUnexpressedRules(referrer))),
        ...keysOf(read.byIndex(groupsByName, within(group.metadata.namespace, securityGroupNameOf(group)))),
      ]),
      watching(ManagedPrefixList, (list, read) =>
        [list.metadata.name, ec2IdOf('pl', list)].flatMap((reference) => keysOf(read.byIndex(groupsByPrefixList, within(list.metadata.namespace, reference)))),
      ),
      // A deleted group goes when its last member does.
      watching(Instance, ({ metadata }, read) => keysOf(read.byIndex(deletedGroups, metadata.namespace ?? ''))),
      watching(Namespace, ({ metadata }, read) => [
        ...keysOf(read.list(SecurityGroup, metadata?.name)),
        ...keysOf(read.byIndex(groupsByForeignAccount, metadata?.labels?.[ACCOUNT_ID_LABEL] ?? '')),
      ]),
      watching(DaemonSet, ({ metadata }, read) => (isNetworkPlugin(metadata?.name) ? keysOf(read.list(SecurityGroup)) : [])),
      // Groups that name no VPC are of the default one.
      watching(Vpc, ({ metadata }, read) => keysOf(read.list(SecurityGroup, metadata.namespace))),
      // Only looked up: K3s is known by its nodes.
      watching(Node, () => []),
    ],
    permissions: [
      { group: 'kube-ec2.io', resource: 'securitygroups', verbs: ['patch'], reason: 'finalizer: a group stays while instances are in it' },
      { group: 'kube-ec2.io', resource: 'securitygroups/finalizers', verbs: ['update'], reason: 'owner reference of the policy' },
      { group: 'networking.k8s.io', resource: 'networkpolicies', verbs: ['create', 'patch'], reason: 'rules of a group, and the baseline of a namespace' },
    ],
    concurrency: settings.concurrency,
    reconcile: (group, context) => reconcile(group, context, settings),
  });
}

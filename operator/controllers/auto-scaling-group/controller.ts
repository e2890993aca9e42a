import { AutoScalingGroupConditions } from '../../api/auto-scaling/auto-scaling-group.ts';
import type { Permission } from '../../kubernetes/permission.ts';
import type { ObjectKey, Read } from '../../kubernetes/read.ts';
import {
  Account,
  AccountSettings,
  Ami,
  AutoScalingGroup,
  Instance,
  InstanceProfile,
  KeyPair,
  LaunchConfiguration,
  LaunchTemplate,
  Namespace,
  Node,
  NotificationTopic,
  PlacementGroup,
  SecurityGroup,
  Subnet,
  VirtualMachineClusterInstancetype,
} from '../../kubernetes/resources.ts';
import { defineController, gathered, watching, type AnyController } from '../../runtime/reconcile.ts';
import { instanceController } from '../instance/controller.ts';
import type { InstanceSettings } from '../instance/settings.ts';
import { reconciler } from './reconcile.ts';
import { topicsNamedBy } from './topics.ts';

const permissions: readonly Permission[] = [
  { group: 'kube-ec2.io', resource: 'autoscalinggroups', verbs: ['patch'], reason: 'finalizer, requests that are done, configuration after a refresh' },
  { group: 'kube-ec2.io', resource: 'instances', verbs: ['get', 'create', 'patch'], reason: 'instances of a group' },
  { group: 'kube-ec2.io', resource: 'notifications', verbs: ['create'], reason: 'messages to topics' },
  { group: '', resource: 'secrets', verbs: ['create', 'patch'], reason: 'user data of instances of a group' },
];

/** Groups that cannot launch for now: something that they lack may have come. */
function waitingGroups(namespace: string | undefined, read: Read): ObjectKey[] {
  return read
    .list(AutoScalingGroup, namespace)
    .filter(({ status }) => status?.conditions?.some(({ type, status: verdict }) => type === AutoScalingGroupConditions.launchable && verdict === 'False'))
    .map(({ metadata }) => ({ namespace: metadata.namespace, name: metadata.name }));
}

function groupsWithTopics({ metadata }: NotificationTopic, read: Read): ObjectKey[] {
  const groups = read.list(AutoScalingGroup, metadata.namespace).filter((group) => topicsNamedBy(group).size > 0);
  return groups.map((group) => ({ namespace: group.metadata.namespace, name: group.metadata.name }));
}

/** A pass looks at all members, and each of them changes a dozen times in its life: of a large group, many at a time. */
const MEMBER_CHANGES_GATHER_MILLISECONDS = 200;

function groupOfMember({ metadata, spec }: Instance): ObjectKey[] {
  return spec.autoScaling === undefined ? [] : [{ namespace: metadata.namespace, name: spec.autoScaling.groupName }];
}

type Named = { metadata?: { namespace?: string } };
const wakeWaiting = ({ metadata }: Named, read: Read): ObjectKey[] => waitingGroups(metadata?.namespace, read);

/** What an instance needs is looked up before it is launched: in the same caches that its own controller looks into. */
function readsOfLaunches(settings: InstanceSettings & { concurrency: number }): Permission[] {
  return instanceController(settings).permissions.filter(({ verbs }) => verbs.every((verb) => verb === 'list' || verb === 'watch'));
}

/** Keeps Auto Scaling groups: launches, replaces and ends their Instances. */
export function autoScalingGroupController(settings: InstanceSettings & { concurrency: number }): AnyController {
  return defineController({
    name: 'auto-scaling-group',
    type: AutoScalingGroup,
    watches: [
      gathered(watching(Instance, groupOfMember), MEMBER_CHANGES_GATHER_MILLISECONDS),
      watching(LaunchTemplate, wakeWaiting),
      watching(LaunchConfiguration, wakeWaiting),
      watching(AccountSettings, wakeWaiting),
      watching(KeyPair, wakeWaiting),
      watching(SecurityGroup, wakeWaiting),
      watching(Subnet, wakeWaiting),
      watching(PlacementGroup, wakeWaiting),
      watching(InstanceProfile, wakeWaiting),
      watching(NotificationTopic, groupsWithTopics),
      // An image may be shared by another account.
      watching(Ami, (_ami, read) => waitingGroups(undefined, read)),
      // Only looked up, when instances are launched.
      watching(Account, () => []),
      watching(Namespace, () => []),
      watching(Node, () => []),
      watching(VirtualMachineClusterInstancetype, () => []),
    ],
    permissions: [...permissions, ...readsOfLaunches(settings)],
    concurrency: 8,
    reconcile: reconciler(settings),
  });
}

import { ROOT_SERVICE_ACCOUNT } from '../api/identity/account.ts';
import type { Permission } from '../kubernetes/permission.ts';
import { groupOf, type ResourceKind } from '../kubernetes/resource-type.ts';
import {
  Account,
  Ami,
  AutoScalingGroup,
  DhcpOptions,
  ElasticIp,
  Fleet,
  IamRole,
  IamUser,
  ImportTask,
  Instance,
  InstanceProfile,
  InternetGateway,
  KeyPair,
  LaunchConfiguration,
  LaunchTemplate,
  ManagedPrefixList,
  MetricAlarm,
  MetricSeries,
  Namespace,
  NetworkAcl,
  NetworkInterface,
  Node,
  PlacementGroup,
  RouteTable,
  ScalingPolicy,
  ScheduledAction,
  Secret,
  SecurityGroup,
  Snapshot,
  StorageClass,
  Subnet,
  TargetGroup,
  VirtualMachineClusterInstancetype,
  Volume,
  Vpc,
} from '../kubernetes/resources.ts';

/** The kinds that operations read. The endpoint keeps a cache of each; of Secrets, only of those with access keys. */
export const endpointCaches: readonly ResourceKind[] = [
  Account,
  Ami,
  AutoScalingGroup,
  DhcpOptions,
  ElasticIp,
  Fleet,
  IamRole,
  IamUser,
  ImportTask,
  Instance,
  InstanceProfile,
  InternetGateway,
  KeyPair,
  LaunchConfiguration,
  LaunchTemplate,
  ManagedPrefixList,
  MetricAlarm,
  MetricSeries,
  Namespace,
  NetworkAcl,
  NetworkInterface,
  Node,
  PlacementGroup,
  RouteTable,
  ScalingPolicy,
  ScheduledAction,
  Secret,
  SecurityGroup,
  Snapshot,
  StorageClass,
  Subnet,
  TargetGroup,
  VirtualMachineClusterInstancetype,
  Volume,
  Vpc,
] as readonly ResourceKind[];

/** What the endpoint itself may do. It writes nothing: each change is sent as the caller, whose own permissions judge it. */
export const endpointPermissions: readonly Permission[] = [
  ...endpointCaches.map((type): Permission => ({
    group: groupOf(type),
    resource: type.plural,
    verbs: ['list', 'watch'],
    reason: type.kind === 'Secret' ? 'access keys, to verify signatures' : `cache of ${type.kind}`,
  })),
  {
    group: '',
    resource: 'serviceaccounts',
    verbs: ['impersonate'],
    // In whatever namespace, but no other: with all ServiceAccounts of the cluster the endpoint could be anybody.
    resourceNames: [ROOT_SERVICE_ACCOUNT],
    reason: 'acts as the root user of the account that signed',
  },
  { group: 'authorization.k8s.io', resource: 'subjectaccessreviews', verbs: ['create'], reason: 'asks whether a caller may do what it asks for' },
];

/** What the endpoint needs, by a RoleBinding in the namespace of an account, where access keys of other users than root are in use there. */
export const endpointAccountPermissions: readonly Permission[] = [
  { group: '', resource: 'serviceaccounts', verbs: ['impersonate'], reason: 'acts as the ServiceAccount of the user that signed' },
];

import type {
  V1ClusterRole,
  V1ConfigMap,
  V1EndpointSlice,
  V1DaemonSet,
  V1Lease,
  V1Namespace,
  V1NetworkPolicy,
  V1Node,
  V1PersistentVolumeClaim,
  V1Pod,
  V1ResourceQuota,
  V1Role,
  V1RoleBinding,
  V1Secret,
  V1Service,
  V1ServiceAccount,
  V1StorageClass,
  V1SubjectAccessReview,
  CoreV1Event,
} from '@kubernetes/client-node';
import type { z } from 'zod';
import { AccountDefinition, type Account as AccountObject } from '../api/identity/account.ts';
import { AccountSettingsDefinition, type AccountSettings as AccountSettingsObject } from '../api/identity/account-settings.ts';
import { AmiDefinition, type Ami as AmiObject } from '../api/compute/ami.ts';
import { AutoScalingGroupDefinition, type AutoScalingGroup as AutoScalingGroupObject } from '../api/auto-scaling/auto-scaling-group.ts';
import type { CustomResource, CustomResourceDefinition } from '../api/custom-resource.ts';
import { ElasticIpDefinition, type ElasticIp as ElasticIpObject } from '../api/network/elastic-ip.ts';
import { IamRoleDefinition, type IamRole as IamRoleObject } from '../api/identity/iam-role.ts';
import { IamUserDefinition, type IamUser as IamUserObject } from '../api/identity/iam-user.ts';
import { ImportTaskDefinition, type ImportTask as ImportTaskObject } from '../api/compute/import-task.ts';
import { InstanceProfileDefinition, type InstanceProfile as InstanceProfileObject } from '../api/identity/instance-profile.ts';
import { FleetDefinition, type Fleet as FleetObject } from '../api/compute/fleet.ts';
import { InstanceDefinition, type Instance as InstanceObject } from '../api/compute/instance.ts';
import { KeyPairDefinition, type KeyPair as KeyPairObject } from '../api/compute/key-pair.ts';
import { LaunchConfigurationDefinition, type LaunchConfiguration as LaunchConfigurationObject } from '../api/auto-scaling/launch-configuration.ts';
import { LaunchTemplateDefinition, type LaunchTemplate as LaunchTemplateObject } from '../api/compute/launch-template.ts';
import { MetricAlarmDefinition, type MetricAlarm as MetricAlarmObject } from '../api/monitoring/metric-alarm.ts';
import { MetricSeriesDefinition, type MetricSeries as MetricSeriesObject } from '../api/monitoring/metric-series.ts';
import { NetworkInterfaceDefinition, type NetworkInterface as NetworkInterfaceObject } from '../api/network/network-interface.ts';
import { NotificationDefinition, type Notification as NotificationObject } from '../api/notification/notification.ts';
import { NotificationTopicDefinition, type NotificationTopic as NotificationTopicObject } from '../api/notification/notification-topic.ts';
import { ManagedPrefixListDefinition, type ManagedPrefixList as ManagedPrefixListObject } from '../api/network/managed-prefix-list.ts';
import { PlacementGroupDefinition, type PlacementGroup as PlacementGroupObject } from '../api/compute/placement-group.ts';
import { ScalingPolicyDefinition, type ScalingPolicy as ScalingPolicyObject } from '../api/auto-scaling/scaling-policy.ts';
import { ScheduledActionDefinition, type ScheduledAction as ScheduledActionObject } from '../api/auto-scaling/scheduled-action.ts';
import { SecurityGroupDefinition, type SecurityGroup as SecurityGroupObject } from '../api/network/security-group.ts';
import { SnapshotDefinition, type Snapshot as SnapshotObject } from '../api/storage/snapshot.ts';
import { TargetGroupDefinition, type TargetGroup as TargetGroupObject } from '../api/network/target-group.ts';
import { VolumeDefinition, type Volume as VolumeObject } from '../api/storage/volume.ts';
import { SubnetDefinition, type Subnet as SubnetObject } from '../api/network/subnet.ts';
import { DhcpOptionsDefinition, type DhcpOptions as DhcpOptionsObject } from '../api/network/dhcp-options.ts';
import { InternetGatewayDefinition, type InternetGateway as InternetGatewayObject } from '../api/network/internet-gateway.ts';
import { NatGatewayDefinition, type NatGateway as NatGatewayObject } from '../api/network/nat-gateway.ts';
import { NetworkAclDefinition, type NetworkAcl as NetworkAclObject } from '../api/network/network-acl.ts';
import { RouteTableDefinition, type RouteTable as RouteTableObject } from '../api/network/route-table.ts';
import { VpcDefinition, type Vpc as VpcObject } from '../api/network/vpc.ts';
import type { JsonForm } from './json-form.ts';
import type {
  VirtualMachine as KubevirtVirtualMachine,
  VirtualMachineInstance as KubevirtVirtualMachineInstance,
  VirtualMachineInstanceMigration as KubevirtVirtualMachineInstanceMigration,
} from './kubevirt/core.ts';
import type {
  VirtualMachineClusterInstancetype as KubevirtVirtualMachineClusterInstancetype,
  VirtualMachineClusterPreference as KubevirtVirtualMachineClusterPreference,
} from './kubevirt/instancetype.ts';
import type { ResourceType } from './resource-type.ts';

/** A pod as the API server writes it. */
export type Pod = JsonForm<V1Pod>;
/** A node. */
export type Node = JsonForm<V1Node>;
/** A namespace. */
export type Namespace = JsonForm<V1Namespace>;
/** A Secret; `data` is base64, `stringData` is write-only. */
export type Secret = JsonForm<V1Secret>;
/** A ConfigMap. */
export type ConfigMap = JsonForm<V1ConfigMap>;
/** A Service. */
export type Service = JsonForm<V1Service>;
/** Addresses behind a Service. */
export type EndpointSlice = JsonForm<V1EndpointSlice>;
/** A ServiceAccount. */
export type ServiceAccount = JsonForm<V1ServiceAccount>;
/** A Role. */
export type Role = JsonForm<V1Role>;
/** A RoleBinding. */
export type RoleBinding = JsonForm<V1RoleBinding>;
/** A ClusterRole. */
export type ClusterRole = JsonForm<V1ClusterRole>;
/** An event of the core group. */
export type Event = JsonForm<CoreV1Event>;
/** A PersistentVolumeClaim. */
export type PersistentVolumeClaim = JsonForm<V1PersistentVolumeClaim>;
/** A StorageClass. */
export type StorageClass = JsonForm<V1StorageClass>;
/** A DaemonSet. */
export type DaemonSet = JsonForm<V1DaemonSet>;
/** A NetworkPolicy. */
export type NetworkPolicy = JsonForm<V1NetworkPolicy>;
/** A ResourceQuota. */
export type ResourceQuota = JsonForm<V1ResourceQuota>;
/** A Lease: who leads, and until when. */
export type Lease = JsonForm<V1Lease>;
/** The question whether a user may do something; created, answered in `status`, never stored. */
export type SubjectAccessReview = JsonForm<V1SubjectAccessReview>;

/** A KubeVirt machine: what should run. */
export type VirtualMachine = KubevirtVirtualMachine;
/** A run of a KubeVirt machine: what runs. */
export type VirtualMachineInstance = KubevirtVirtualMachineInstance;
/** A live migration. */
export type VirtualMachineInstanceMigration = KubevirtVirtualMachineInstanceMigration;
/** An instance type, e.g. `t3.micro`. */
export type VirtualMachineClusterInstancetype = KubevirtVirtualMachineClusterInstancetype;
/** A preference: devices and firmware that a guest system likes. */
export type VirtualMachineClusterPreference = KubevirtVirtualMachineClusterPreference;

/** Token of Pod. */
export const Pod: ResourceType<Pod> = { apiVersion: 'v1', kind: 'Pod', plural: 'pods', namespaced: true };
/** Token of Node. */
export const Node: ResourceType<Node> = { apiVersion: 'v1', kind: 'Node', plural: 'nodes', namespaced: false };
/** Token of Namespace. */
export const Namespace: ResourceType<Namespace> = { apiVersion: 'v1', kind: 'Namespace', plural: 'namespaces', namespaced: false };
/** Token of Secret. */
export const Secret: ResourceType<Secret> = { apiVersion: 'v1', kind: 'Secret', plural: 'secrets', namespaced: true };
/** Token of ConfigMap. */
export const ConfigMap: ResourceType<ConfigMap> = { apiVersion: 'v1', kind: 'ConfigMap', plural: 'configmaps', namespaced: true };
/** Token of Service. */
export const Service: ResourceType<Service> = { apiVersion: 'v1', kind: 'Service', plural: 'services', namespaced: true };
/** Token of EndpointSlice. */
export const EndpointSlice: ResourceType<EndpointSlice> = {
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  plural: 'endpointslices',
  namespaced: true,
};
/** Token of ServiceAccount. */
export const ServiceAccount: ResourceType<ServiceAccount> = {
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  plural: 'serviceaccounts',
  namespaced: true,
};
/** Token of Role. */
export const Role: ResourceType<Role> = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'Role',
  plural: 'roles',
  namespaced: true,
};
/** Token of RoleBinding. */
export const RoleBinding: ResourceType<RoleBinding> = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'RoleBinding',
  plural: 'rolebindings',
  namespaced: true,
};
/** Token of ClusterRole. */
export const ClusterRole: ResourceType<ClusterRole> = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRole',
  plural: 'clusterroles',
  namespaced: false,
};
/** Token of the core group's Event. */
export const Event: ResourceType<Event> = { apiVersion: 'v1', kind: 'Event', plural: 'events', namespaced: true };
/** Token of PersistentVolumeClaim. */
export const PersistentVolumeClaim: ResourceType<PersistentVolumeClaim> = {
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  plural: 'persistentvolumeclaims',
  namespaced: true,
};
/** Token of StorageClass. */
export const StorageClass: ResourceType<StorageClass> = {
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  plural: 'storageclasses',
  namespaced: false,
};
/** Token of DaemonSet. */
export const DaemonSet: ResourceType<DaemonSet> = { apiVersion: 'apps/v1', kind: 'DaemonSet', plural: 'daemonsets', namespaced: true };
/** Token of NetworkPolicy. */
export const NetworkPolicy: ResourceType<NetworkPolicy> = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  plural: 'networkpolicies',
  namespaced: true,
};
/** Token of ResourceQuota. */
export const ResourceQuota: ResourceType<ResourceQuota> = {
  apiVersion: 'v1',
  kind: 'ResourceQuota',
  plural: 'resourcequotas',
  namespaced: true,
};
/** Token of Lease. */
export const Lease: ResourceType<Lease> = {
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  plural: 'leases',
  namespaced: true,
};
/** Token of SubjectAccessReview. */
export const SubjectAccessReview: ResourceType<SubjectAccessReview> = {
  apiVersion: 'authorization.k8s.io/v1',
  kind: 'SubjectAccessReview',
  plural: 'subjectaccessreviews',
  namespaced: false,
};

/** Token of VirtualMachine. */
export const VirtualMachine: ResourceType<VirtualMachine> = {
  apiVersion: 'kubevirt.io/v1',
  kind: 'VirtualMachine',
  plural: 'virtualmachines',
  namespaced: true,
};
/** Token of VirtualMachineInstance, the one kind of KubeVirt's without a status subresource. */
export const VirtualMachineInstance: ResourceType<VirtualMachineInstance> = {
  apiVersion: 'kubevirt.io/v1',
  kind: 'VirtualMachineInstance',
  plural: 'virtualmachineinstances',
  namespaced: true,
};
/** Token of VirtualMachineInstanceMigration. */
export const VirtualMachineInstanceMigration: ResourceType<VirtualMachineInstanceMigration> = {
  apiVersion: 'kubevirt.io/v1',
  kind: 'VirtualMachineInstanceMigration',
  plural: 'virtualmachineinstancemigrations',
  namespaced: true,
};
/** Token of VirtualMachineClusterInstancetype. */
export const VirtualMachineClusterInstancetype: ResourceType<VirtualMachineClusterInstancetype> = {
  apiVersion: 'instancetype.kubevirt.io/v1beta1',
  kind: 'VirtualMachineClusterInstancetype',
  plural: 'virtualmachineclusterinstancetypes',
  namespaced: false,
};
/** Token of VirtualMachineClusterPreference. */
export const VirtualMachineClusterPreference: ResourceType<VirtualMachineClusterPreference> = {
  apiVersion: 'instancetype.kubevirt.io/v1beta1',
  kind: 'VirtualMachineClusterPreference',
  plural: 'virtualmachineclusterpreferences',
  namespaced: false,
};

/** A custom resource's type with the definition that it came from: fakes fill in defaults and validate by it. */
export interface DefinedResourceType<Spec extends z.ZodType, Status extends z.ZodType>
  extends ResourceType<CustomResource<z.infer<Spec>, z.infer<Status>>> {
  readonly definition: CustomResourceDefinition<string, Spec, Status>;
}

/** The token of a kind that `api/` defines. */
export function resourceTypeOf<Kind extends string, Spec extends z.ZodType, Status extends z.ZodType>(
  definition: CustomResourceDefinition<Kind, Spec, Status>,
): DefinedResourceType<Spec, Status> {
  const { apiVersion, kind, plural, namespaced } = definition;
  return { apiVersion, kind, plural, namespaced, definition };
}

/** An Instance. */
export type Instance = InstanceObject;
/** Token of Instance. */
export const Instance = resourceTypeOf(InstanceDefinition);
/** An Ami. */
export type Ami = AmiObject;
/** Token of Ami. */
export const Ami = resourceTypeOf(AmiDefinition);
/** An ImportTask. */
export type ImportTask = ImportTaskObject;
/** Token of ImportTask. */
export const ImportTask = resourceTypeOf(ImportTaskDefinition);
/** A KeyPair. */
export type KeyPair = KeyPairObject;
/** Token of KeyPair. */
export const KeyPair = resourceTypeOf(KeyPairDefinition);
/** An Account. */
export type Account = AccountObject;
/** Token of Account. */
export const Account = resourceTypeOf(AccountDefinition);

/** An AccountSettings. */
export type AccountSettings = AccountSettingsObject;
/** Token of AccountSettings. */
export const AccountSettings = resourceTypeOf(AccountSettingsDefinition);
/** A SecurityGroup. */
export type SecurityGroup = SecurityGroupObject;
/** Token of SecurityGroup. */
export const SecurityGroup = resourceTypeOf(SecurityGroupDefinition);
/** A LaunchConfiguration. */
export type LaunchConfiguration = LaunchConfigurationObject;
/** Token of LaunchConfiguration. */
export const LaunchConfiguration = resourceTypeOf(LaunchConfigurationDefinition);
/** A LaunchTemplate. */
export type LaunchTemplate = LaunchTemplateObject;
/** Token of LaunchTemplate. */
export const LaunchTemplate = resourceTypeOf(LaunchTemplateDefinition);
/** A ManagedPrefixList. */
export type ManagedPrefixList = ManagedPrefixListObject;
/** Token of ManagedPrefixList. */
export const ManagedPrefixList = resourceTypeOf(ManagedPrefixListDefinition);
/** A Fleet. */
export type Fleet = FleetObject;
/** Token of Fleet. */
export const Fleet = resourceTypeOf(FleetDefinition);
/** An ElasticIp. */
export type ElasticIp = ElasticIpObject;
/** Token of ElasticIp. */
export const ElasticIp = resourceTypeOf(ElasticIpDefinition);
/** A NetworkInterface. */
export type NetworkInterface = NetworkInterfaceObject;
/** Token of NetworkInterface. */
export const NetworkInterface = resourceTypeOf(NetworkInterfaceDefinition);
/** A PlacementGroup. */
export type PlacementGroup = PlacementGroupObject;
/** Token of PlacementGroup. */
export const PlacementGroup = resourceTypeOf(PlacementGroupDefinition);
/** An IamUser. */
export type IamUser = IamUserObject;
/** Token of IamUser. */
export const IamUser = resourceTypeOf(IamUserDefinition);
/** An IamRole. */
export type IamRole = IamRoleObject;
/** Token of IamRole. */
export const IamRole = resourceTypeOf(IamRoleDefinition);
/** An InstanceProfile. */
export type InstanceProfile = InstanceProfileObject;
/** Token of InstanceProfile. */
export const InstanceProfile = resourceTypeOf(InstanceProfileDefinition);
/** An AutoScalingGroup. */
export type AutoScalingGroup = AutoScalingGroupObject;
/** Token of AutoScalingGroup. */
export const AutoScalingGroup = resourceTypeOf(AutoScalingGroupDefinition);
/** A Snapshot. */
export type Snapshot = SnapshotObject;
/** Token of Snapshot. */
export const Snapshot = resourceTypeOf(SnapshotDefinition);
/** A Volume. */
export type Volume = VolumeObject;
/** Token of Volume. */
export const Volume = resourceTypeOf(VolumeDefinition);
/** A Subnet. */
export type Subnet = SubnetObject;
/** Token of Subnet. */
export const Subnet = resourceTypeOf(SubnetDefinition);
/** A Vpc. */
export type Vpc = VpcObject;
/** Token of Vpc. */
export const Vpc = resourceTypeOf(VpcDefinition);
/** A MetricAlarm. */
export type MetricAlarm = MetricAlarmObject;
/** Token of MetricAlarm. */
export const MetricAlarm = resourceTypeOf(MetricAlarmDefinition);
/** A MetricSeries. */
export type MetricSeries = MetricSeriesObject;
/** Token of MetricSeries. */
export const MetricSeries = resourceTypeOf(MetricSeriesDefinition);
/** A ScalingPolicy. */
export type ScalingPolicy = ScalingPolicyObject;
/** Token of ScalingPolicy. */
export const ScalingPolicy = resourceTypeOf(ScalingPolicyDefinition);
/** A Notification. */
export type Notification = NotificationObject;
/** Token of Notification. */
export const Notification = resourceTypeOf(NotificationDefinition);

/** A NotificationTopic. */
export type NotificationTopic = NotificationTopicObject;
/** Token of NotificationTopic. */
export const NotificationTopic = resourceTypeOf(NotificationTopicDefinition);

/** A ScheduledAction. */
export type ScheduledAction = ScheduledActionObject;
/** Token of ScheduledAction. */
export const ScheduledAction = resourceTypeOf(ScheduledActionDefinition);
/** A TargetGroup. */
export type TargetGroup = TargetGroupObject;
/** Token of TargetGroup. */
export const TargetGroup = resourceTypeOf(TargetGroupDefinition);
/** Sets of DHCP options. */
export type DhcpOptions = DhcpOptionsObject;
/** Token of DhcpOptions. */
export const DhcpOptions = resourceTypeOf(DhcpOptionsDefinition);
/** An InternetGateway. */
export type InternetGateway = InternetGatewayObject;
/** Token of InternetGateway. */
export const InternetGateway = resourceTypeOf(InternetGatewayDefinition);
/** A NatGateway. */
export type NatGateway = NatGatewayObject;
/** Token of NatGateway. */
export const NatGateway = resourceTypeOf(NatGatewayDefinition);
/** A NetworkAcl. */
export type NetworkAcl = NetworkAclObject;
/** Token of NetworkAcl. */
export const NetworkAcl = resourceTypeOf(NetworkAclDefinition);
/** A RouteTable. */
export type RouteTable = RouteTableObject;
/** Token of RouteTable. */
export const RouteTable = resourceTypeOf(RouteTableDefinition);

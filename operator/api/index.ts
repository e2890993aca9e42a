import { AccountDefinition } from './identity/account.ts';
import { AccountSettingsDefinition } from './identity/account-settings.ts';
import { AmiDefinition } from './compute/ami.ts';
import { AutoScalingGroupDefinition } from './auto-scaling/auto-scaling-group.ts';
import { DhcpOptionsDefinition } from './network/dhcp-options.ts';
import { ElasticIpDefinition } from './network/elastic-ip.ts';
import { FleetDefinition } from './compute/fleet.ts';
import { IamRoleDefinition } from './identity/iam-role.ts';
import { IamUserDefinition } from './identity/iam-user.ts';
import { ImportTaskDefinition } from './compute/import-task.ts';
import { InstanceProfileDefinition } from './identity/instance-profile.ts';
import { InstanceDefinition } from './compute/instance.ts';
import { InternetGatewayDefinition } from './network/internet-gateway.ts';
import { NatGatewayDefinition } from './network/nat-gateway.ts';
import { KeyPairDefinition } from './compute/key-pair.ts';
import { LaunchConfigurationDefinition } from './auto-scaling/launch-configuration.ts';
import { LaunchTemplateDefinition } from './compute/launch-template.ts';
import { ManagedPrefixListDefinition } from './network/managed-prefix-list.ts';
import { MetricAlarmDefinition } from './monitoring/metric-alarm.ts';
import { MetricSeriesDefinition } from './monitoring/metric-series.ts';
import { NetworkAclDefinition } from './network/network-acl.ts';
import { NetworkInterfaceDefinition } from './network/network-interface.ts';
import { NotificationDefinition } from './notification/notification.ts';
import { NotificationTopicDefinition } from './notification/notification-topic.ts';
import { PlacementGroupDefinition } from './compute/placement-group.ts';
import { RouteTableDefinition } from './network/route-table.ts';
import { ScalingPolicyDefinition } from './auto-scaling/scaling-policy.ts';
import { ScheduledActionDefinition } from './auto-scaling/scheduled-action.ts';
import { SecurityGroupDefinition } from './network/security-group.ts';
import { SnapshotDefinition } from './storage/snapshot.ts';
import { SubnetDefinition } from './network/subnet.ts';
import { TargetGroupDefinition } from './network/target-group.ts';
import { VolumeDefinition } from './storage/volume.ts';
import { VpcDefinition } from './network/vpc.ts';

/** Every kind of this project. */
export const customResourceDefinitions = [
  AccountDefinition,
  AccountSettingsDefinition,
  AmiDefinition,
  AutoScalingGroupDefinition,
  DhcpOptionsDefinition,
  ElasticIpDefinition,
  FleetDefinition,
  IamRoleDefinition,
  IamUserDefinition,
  ImportTaskDefinition,
  InstanceDefinition,
  InstanceProfileDefinition,
  InternetGatewayDefinition,
  NatGatewayDefinition,
  KeyPairDefinition,
  LaunchConfigurationDefinition,
  LaunchTemplateDefinition,
  ManagedPrefixListDefinition,
  MetricAlarmDefinition,
  MetricSeriesDefinition,
  NetworkAclDefinition,
  NetworkInterfaceDefinition,
  NotificationDefinition,
  NotificationTopicDefinition,
  PlacementGroupDefinition,
  RouteTableDefinition,
  ScalingPolicyDefinition,
  ScheduledActionDefinition,
  SecurityGroupDefinition,
  SnapshotDefinition,
  SubnetDefinition,
  TargetGroupDefinition,
  VolumeDefinition,
  VpcDefinition,
] as const;

import { AccountDefinition } from './account.ts';
import { AmiDefinition } from './ami.ts';
import { AutoScalingGroupDefinition } from './auto-scaling-group.ts';
import { DhcpOptionsDefinition } from './dhcp-options.ts';
import { ElasticIpDefinition } from './elastic-ip.ts';
import { FleetDefinition } from './fleet.ts';
import { IamRoleDefinition } from './iam-role.ts';
import { IamUserDefinition } from './iam-user.ts';
import { ImportTaskDefinition } from './import-task.ts';
import { InstanceProfileDefinition } from './instance-profile.ts';
import { InstanceDefinition } from './instance.ts';
import { InternetGatewayDefinition } from './internet-gateway.ts';
import { KeyPairDefinition } from './key-pair.ts';
import { LaunchConfigurationDefinition } from './launch-configuration.ts';
import { LaunchTemplateDefinition } from './launch-template.ts';
import { ManagedPrefixListDefinition } from './managed-prefix-list.ts';
import { MetricAlarmDefinition } from './metric-alarm.ts';
import { MetricSeriesDefinition } from './metric-series.ts';
import { NetworkAclDefinition } from './network-acl.ts';
import { NetworkInterfaceDefinition } from './network-interface.ts';
import { PlacementGroupDefinition } from './placement-group.ts';
import { RouteTableDefinition } from './route-table.ts';
import { ScalingPolicyDefinition } from './scaling-policy.ts';
import { ScheduledActionDefinition } from './scheduled-action.ts';
import { SecurityGroupDefinition } from './security-group.ts';
import { SnapshotDefinition } from './snapshot.ts';
import { SubnetDefinition } from './subnet.ts';
import { TargetGroupDefinition } from './target-group.ts';
import { VolumeDefinition } from './volume.ts';
import { VpcDefinition } from './vpc.ts';

/** Every kind of this project. */
export const customResourceDefinitions = [
  AccountDefinition,
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
  KeyPairDefinition,
  LaunchConfigurationDefinition,
  LaunchTemplateDefinition,
  ManagedPrefixListDefinition,
  MetricAlarmDefinition,
  MetricSeriesDefinition,
  NetworkAclDefinition,
  NetworkInterfaceDefinition,
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

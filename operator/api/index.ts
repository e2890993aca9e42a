import { AccountDefinition } from './account.ts';
import { AmiDefinition } from './ami.ts';
import { AutoScalingGroupDefinition } from './auto-scaling-group.ts';
import { ElasticIpDefinition } from './elastic-ip.ts';
import { IamRoleDefinition } from './iam-role.ts';
import { IamUserDefinition } from './iam-user.ts';
import { InstanceProfileDefinition } from './instance-profile.ts';
import { FleetDefinition } from './fleet.ts';
import { ImportTaskDefinition } from './import-task.ts';
import { InstanceDefinition } from './instance.ts';
import { KeyPairDefinition } from './key-pair.ts';
import { LaunchConfigurationDefinition } from './launch-configuration.ts';
import { LaunchTemplateDefinition } from './launch-template.ts';
import { ManagedPrefixListDefinition } from './managed-prefix-list.ts';
import { MetricAlarmDefinition } from './metric-alarm.ts';
import { MetricSeriesDefinition } from './metric-series.ts';
import { NetworkInterfaceDefinition } from './network-interface.ts';
import { PlacementGroupDefinition } from './placement-group.ts';
import { ScalingPolicyDefinition } from './scaling-policy.ts';
import { ScheduledActionDefinition } from './scheduled-action.ts';
import { SecurityGroupDefinition } from './security-group.ts';
import { SnapshotDefinition } from './snapshot.ts';
import { TargetGroupDefinition } from './target-group.ts';
import { VolumeDefinition } from './volume.ts';
import { SubnetDefinition } from './subnet.ts';
import { VpcDefinition } from './vpc.ts';

/** Every kind of this project. */
export const customResourceDefinitions = [
  AccountDefinition,
  AmiDefinition,
  AutoScalingGroupDefinition,
  ElasticIpDefinition,
  IamRoleDefinition,
  IamUserDefinition,
  FleetDefinition,
  ImportTaskDefinition,
  InstanceDefinition,
  InstanceProfileDefinition,
  KeyPairDefinition,
  LaunchConfigurationDefinition,
  LaunchTemplateDefinition,
  ManagedPrefixListDefinition,
  MetricAlarmDefinition,
  MetricSeriesDefinition,
  NetworkInterfaceDefinition,
  PlacementGroupDefinition,
  ScalingPolicyDefinition,
  ScheduledActionDefinition,
  SecurityGroupDefinition,
  SnapshotDefinition,
  SubnetDefinition,
  TargetGroupDefinition,
  VolumeDefinition,
  VpcDefinition,
] as const;

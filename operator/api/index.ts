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
import { NetworkInterfaceDefinition } from './network-interface.ts';
import { PlacementGroupDefinition } from './placement-group.ts';
import { SecurityGroupDefinition } from './security-group.ts';
import { SnapshotDefinition } from './snapshot.ts';
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
  NetworkInterfaceDefinition,
  PlacementGroupDefinition,
  SecurityGroupDefinition,
  SnapshotDefinition,
  SubnetDefinition,
  VolumeDefinition,
  VpcDefinition,
] as const;

import type { AutoScalingGroup as SdkGroup } from '@aws-sdk/client-auto-scaling';
import { autoScalingGroupArnOf, autoScalingGroupNameOf, desiredCapacityOf } from '../../../api/auto-scaling/auto-scaling-group.ts';
import type { Member } from '../../../api/auto-scaling/auto-scaling-member.ts';
import type { AutoScalingGroup } from '../../../kubernetes/resources.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { zoneIdOf } from '../../ec2/zones/zone-id.ts';
import { sdkInstanceFrom, shownMembers } from '../instances/sdk-instance.ts';
import { sdkMixedInstancesPolicyFrom, sdkTemplateSpecificationFrom } from '../launch-specifications.ts';
import { tagDescriptionsOf } from '../tags/sdk-tags.ts';
import { sdkWarmPoolFrom, warmMembersOf } from '../warm-pools/sdk-warm-pool.ts';
import { vpcZoneIdentifierOf, zonesOfGroup } from './group-zones.ts';

/** ARN of a group. */
export function groupArnOf(group: AutoScalingGroup, { caller, region }: Pick<ReadOnlyContext, 'caller' | 'region'>): string {
  return autoScalingGroupArnOf(group, region, caller.accountId);
}

/**
 * A group in the API's shape. Lists are there even when they are empty: clients index them.
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_AutoScalingGroup.html
 */
export function sdkGroupFrom(group: AutoScalingGroup, members: readonly Member[], context: ReadOnlyContext, { withInstances = true } = {}): SdkGroup {
  const { spec, metadata } = group;
  const zones = zonesOfGroup(group, context);
  const targetGroups = spec.targetGroupARNs ?? [];
  const loadBalancers = spec.loadBalancerNames ?? [];
  return {
    AutoScalingGroupName: autoScalingGroupNameOf(group),
    AutoScalingGroupARN: groupArnOf(group, context),
    ...(spec.launchConfigurationName !== undefined && { LaunchConfigurationName: spec.launchConfigurationName }),
    ...(spec.launchTemplate && { LaunchTemplate: sdkTemplateSpecificationFrom(spec.launchTemplate, context) }),
    ...(spec.mixedInstancesPolicy && { MixedInstancesPolicy: sdkMixedInstancesPolicyFrom(spec.mixedInstancesPolicy, context) }),
    MinSize: spec.minSize,
    MaxSize: spec.maxSize,
    DesiredCapacity: desiredCapacityOf(group),
    DefaultCooldown: spec.defaultCooldown,
    AvailabilityZones: zones,
    AvailabilityZoneIds: zones.map((zone) => zoneIdOf(zone, context.region)),
    LoadBalancerNames: loadBalancers,
    TargetGroupARNs: targetGroups,
    HealthCheckType: spec.healthCheckType,
    HealthCheckGracePeriod: spec.healthCheckGracePeriod,
    Instances: withInstances ? shownMembers(members).map((member) => sdkInstanceFrom(member, group, context)) : [],
    CreatedTime: new Date(metadata.creationTimestamp ?? 0),
    SuspendedProcesses: (spec.suspendedProcesses ?? []).map((ProcessName) => ({ ProcessName, SuspensionReason: 'User suspended' })),
    ...(spec.placementGroup && { PlacementGroup: spec.placementGroup }),
    VPCZoneIdentifier: vpcZoneIdentifierOf(group, context),
    EnabledMetrics: (spec.enabledMetrics ?? []).map((Metric) => ({ Metric, Granularity: '1Minute' })),
    // Set only during deletion: whatever stands here, clients take the group for one that goes.
    ...(metadata.deletionTimestamp !== undefined && { Status: 'Delete in progress' }),
    Tags: tagDescriptionsOf(group),
    TerminationPolicies: spec.terminationPolicies,
    NewInstancesProtectedFromScaleIn: spec.newInstancesProtectedFromScaleIn,
    ...(spec.serviceLinkedRoleARN !== undefined && { ServiceLinkedRoleARN: spec.serviceLinkedRoleARN }),
    ...(spec.maxInstanceLifetime !== undefined && { MaxInstanceLifetime: spec.maxInstanceLifetime }),
    CapacityRebalance: false,
    ...(spec.warmPool && { WarmPoolConfiguration: sdkWarmPoolFrom(spec.warmPool), WarmPoolSize: warmMembersOf(members).length }),
    ...(spec.context !== undefined && { Context: spec.context }),
    ...(spec.defaultInstanceWarmup !== undefined && { DefaultInstanceWarmup: spec.defaultInstanceWarmup }),
    TrafficSources: [
      ...targetGroups.map((Identifier) => ({ Identifier, Type: 'elbv2' })),
      ...loadBalancers.map((Identifier) => ({ Identifier, Type: 'elb' })),
    ],
    ...(spec.instanceMaintenancePolicy && {
      InstanceMaintenancePolicy: { MinHealthyPercentage: spec.instanceMaintenancePolicy.minHealthyPercentage, MaxHealthyPercentage: spec.instanceMaintenancePolicy.maxHealthyPercentage },
    }),
    DeletionProtection: spec.deletionProtection,
    AvailabilityZoneDistribution: { CapacityDistributionStrategy: spec.zoneDistribution },
  };
}

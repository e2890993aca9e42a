import type { AutoScalingInstanceDetails, Instance as SdkInstance, LifecycleState } from '@aws-sdk/client-auto-scaling';
import { autoScalingGroupNameOf } from '../../../api/auto-scaling/auto-scaling-group.ts';
import { healthStatusOf } from '../../../api/auto-scaling/auto-scaling-health.ts';
import { lifecycleStateOf, type Member } from '../../../api/auto-scaling/auto-scaling-member.ts';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import type { AutoScalingGroup } from '../../../kubernetes/resources.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { zoneIdOf } from '../../ec2/zones/zone-id.ts';

type Surroundings = Pick<ReadOnlyContext, 'clock' | 'region'>;

/** A member in the API's shape. @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_Instance.html */
export function sdkInstanceFrom(member: Member, group: AutoScalingGroup, { clock, region }: Surroundings): SdkInstance {
  const { spec, status } = member;
  const { launchTemplateId, launchTemplateName, launchTemplateVersion, launchConfigurationName, weightedCapacity, protectedFromScaleIn = false } = spec.autoScaling;
  const zone = status?.availabilityZone ?? spec.placement.availabilityZone ?? '';
  return {
    InstanceId: ec2IdOf('i', member),
    InstanceType: spec.instanceType,
    AvailabilityZone: zone,
    ...(zone !== '' && { AvailabilityZoneId: zoneIdOf(zone, region) }),
    // Every name of ours is one of the model's.
    LifecycleState: lifecycleStateOf(member) as string as LifecycleState,
    HealthStatus: healthStatusOf(member, group, clock.now()),
    ...(launchConfigurationName !== undefined && { LaunchConfigurationName: launchConfigurationName }),
    ...(launchTemplateId !== undefined && {
      LaunchTemplate: {
        LaunchTemplateId: launchTemplateId,
        ...(launchTemplateName !== undefined && { LaunchTemplateName: launchTemplateName }),
        ...(launchTemplateVersion !== undefined && { Version: launchTemplateVersion }),
      },
    }),
    ...(status?.imageId !== undefined && { ImageId: status.imageId }),
    ProtectedFromScaleIn: protectedFromScaleIn,
    ...(weightedCapacity !== undefined && { WeightedCapacity: String(weightedCapacity) }),
  };
}

/** The same with the name of its group; here health is written in capitals. */
export function sdkInstanceDetailsFrom(member: Member, group: AutoScalingGroup, surroundings: Surroundings): AutoScalingInstanceDetails {
  const instance = sdkInstanceFrom(member, group, surroundings);
  return { ...instance, LifecycleState: instance.LifecycleState, HealthStatus: instance.HealthStatus?.toUpperCase(), AutoScalingGroupName: autoScalingGroupNameOf(group) };
}

/** Members that a group shows: all that have not ended, those in the warm pool apart. */
export function shownMembers(members: readonly Member[]): Member[] {
  return members
    .filter(({ spec, status }) => status?.state !== 'terminated' && spec.autoScaling.warm !== true)
    .toSorted((left, right) => (left.spec.autoScaling.ordinal ?? -1) - (right.spec.autoScaling.ordinal ?? -1) || (left.metadata.name < right.metadata.name ? -1 : 1));
}

import type { InstanceRefresh } from '@aws-sdk/client-auto-scaling';
import { autoScalingGroupNameOf } from '../../../api/auto-scaling/auto-scaling-group.ts';
import { isRefreshOver, type Refresh } from '../../../api/auto-scaling/auto-scaling-refresh.ts';
import type { AutoScalingGroup } from '../../../kubernetes/resources.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { sdkMixedInstancesPolicyFrom, sdkTemplateSpecificationFrom } from '../launch-specifications.ts';

/**
 * Refreshes of a group, newest first. One that was asked for and that the controllers have not seen yet is pending; a wish to end one already shows.
 */
export function refreshesOf({ spec, status, metadata }: AutoScalingGroup): Refresh[] {
  const known = status?.instanceRefreshes ?? [];
  const request = spec.instanceRefresh;
  if (request === undefined) return known;
  const found = known.find(({ id }) => id === request.id);
  if (found === undefined) {
    const startTime = spec.capacityChange?.at ?? metadata.creationTimestamp ?? new Date(0).toISOString();
    return [{ id: request.id, status: 'Pending', startTime, preferences: request.preferences, ...(request.desiredConfiguration && { desiredConfiguration: request.desiredConfiguration }) }, ...known];
  }
  if (isRefreshOver(found) || request.end === undefined) return known;
  const shown: Refresh = { ...found, status: request.end === 'cancel' ? 'Cancelling' : 'RollbackInProgress' };
  return known.map((refresh) => (refresh === found ? shown : refresh));
}

/** The refresh that goes on. */
export function activeRefreshOf(group: AutoScalingGroup): Refresh | undefined {
  return refreshesOf(group).find((refresh) => !isRefreshOver(refresh));
}

/** A refresh in the API's shape. @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_InstanceRefresh.html */
export function sdkRefreshFrom(refresh: Refresh, group: AutoScalingGroup, context: ReadOnlyContext): InstanceRefresh {
  const { preferences, desiredConfiguration: desired } = refresh;
  const progress = { PercentageComplete: refresh.percentageComplete ?? 0, InstancesToUpdate: refresh.instancesToUpdate ?? 0 };
  return {
    InstanceRefreshId: refresh.id,
    AutoScalingGroupName: autoScalingGroupNameOf(group),
    Status: refresh.status,
    ...(refresh.statusReason !== undefined && { StatusReason: refresh.statusReason }),
    ...(refresh.status !== 'Pending' && { StartTime: new Date(refresh.startTime) }),
    ...(refresh.endTime !== undefined && { EndTime: new Date(refresh.endTime) }),
    ...progress,
    ProgressDetails: { LivePoolProgress: progress },
    Preferences: {
      MinHealthyPercentage: preferences.minHealthyPercentage,
      MaxHealthyPercentage: preferences.maxHealthyPercentage,
      ...(preferences.instanceWarmup !== undefined && { InstanceWarmup: preferences.instanceWarmup }),
      SkipMatching: preferences.skipMatching,
      ...(preferences.checkpointPercentages && { CheckpointPercentages: preferences.checkpointPercentages, CheckpointDelay: preferences.checkpointDelay }),
      AutoRollback: preferences.autoRollback,
      BakeTime: preferences.bakeTime,
      ScaleInProtectedInstances: preferences.scaleInProtectedInstances,
      StandbyInstances: preferences.standbyInstances,
    },
    ...(desired && {
      DesiredConfiguration: {
        ...(desired.launchTemplate && { LaunchTemplate: sdkTemplateSpecificationFrom(desired.launchTemplate, context) }),
        ...(desired.mixedInstancesPolicy && { MixedInstancesPolicy: sdkMixedInstancesPolicyFrom(desired.mixedInstancesPolicy, context) }),
      },
    }),
    ...(refresh.rollbackStartTime !== undefined && {
      RollbackDetails: {
        ...(refresh.rollbackReason !== undefined && { RollbackReason: refresh.rollbackReason }),
        RollbackStartTime: new Date(refresh.rollbackStartTime),
        PercentageCompleteOnRollback: refresh.percentageCompleteOnRollback ?? 0,
      },
    }),
    Strategy: 'Rolling',
  };
}

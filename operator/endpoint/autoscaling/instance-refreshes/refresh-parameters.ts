import type { DesiredConfiguration as SdkConfiguration, RefreshPreferences as SdkPreferences } from '@aws-sdk/client-auto-scaling';
import { RefreshRequest, type DesiredConfiguration, type RefreshPreferences } from '../../../api/auto-scaling/auto-scaling-refresh.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { mixedInstancesPolicyFrom, templateReferenceFrom } from '../launch-specifications.ts';
import { validationError } from '../../model-constraints.ts';

/** Preferences of a request, defaults filled in. @throws AwsError ValidationError */
export function preferencesFrom(input: SdkPreferences = {}): RefreshPreferences {
  if (input.AlarmSpecification?.Alarms?.length) throw validationError('Rolling back by alarms is not supported.');
  const checkpoints = input.CheckpointPercentages ?? [];
  if (checkpoints.some((percentage, position) => position > 0 && percentage <= (checkpoints[position - 1] ?? 0))) throw validationError('CheckpointPercentages must be in ascending order.');
  const parsed = RefreshRequest.shape.preferences.safeParse({
    ...(input.MinHealthyPercentage !== undefined && { minHealthyPercentage: input.MinHealthyPercentage }),
    ...(input.MaxHealthyPercentage !== undefined && { maxHealthyPercentage: input.MaxHealthyPercentage }),
    ...(input.InstanceWarmup !== undefined && input.InstanceWarmup >= 0 && { instanceWarmup: input.InstanceWarmup }),
    ...(input.SkipMatching !== undefined && { skipMatching: input.SkipMatching }),
    ...(checkpoints.length > 0 && { checkpointPercentages: checkpoints }),
    ...(input.CheckpointDelay !== undefined && { checkpointDelay: input.CheckpointDelay }),
    ...(input.BakeTime !== undefined && { bakeTime: input.BakeTime }),
    ...(input.AutoRollback !== undefined && { autoRollback: input.AutoRollback }),
    ...(input.ScaleInProtectedInstances !== undefined && { scaleInProtectedInstances: input.ScaleInProtectedInstances }),
    ...(input.StandbyInstances !== undefined && { standbyInstances: input.StandbyInstances }),
  });
  if (!parsed.success) throw validationError(`Invalid preferences: ${parsed.error.issues[0]?.path.join('.') ?? ''} ${parsed.error.issues[0]?.message ?? ''}`);
  const { minHealthyPercentage, maxHealthyPercentage } = parsed.data;
  if (maxHealthyPercentage - minHealthyPercentage > 100) throw validationError('The difference between MinHealthyPercentage and MaxHealthyPercentage cannot be greater than 100.');
  return parsed.data;
}

/** The configuration that a refresh is to bring. @throws AwsError ValidationError */
export function desiredConfigurationFrom(input: SdkConfiguration | undefined, context: ReadOnlyContext): DesiredConfiguration | undefined {
  if (input?.LaunchTemplate && input.MixedInstancesPolicy) throw validationError('DesiredConfiguration must contain either LaunchTemplate or MixedInstancesPolicy.');
  if (input?.LaunchTemplate) return { launchTemplate: templateReferenceFrom(input.LaunchTemplate, context) };
  if (input?.MixedInstancesPolicy) return { mixedInstancesPolicy: mixedInstancesPolicyFrom(input.MixedInstancesPolicy, context) };
  return undefined;
}

import { randomUUID } from 'node:crypto';
import type { StartInstanceRefreshAnswer, StartInstanceRefreshType } from '@aws-sdk/client-auto-scaling';
import { AwsError } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { changeGroup } from '../groups/change-group.ts';
import { requireGroup } from '../groups/find-group.ts';
import { validationError } from '../../model-constraints.ts';
import { desiredConfigurationFrom, preferencesFrom } from './refresh-parameters.ts';
import { activeRefreshOf } from './sdk-refresh.ts';

/**
 * Begins to replace the instances of a group, step by step.
 * @throws AwsError ValidationError, InstanceRefreshInProgress
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_StartInstanceRefresh.html
 */
export async function startInstanceRefresh(input: StartInstanceRefreshType, context: OperationContext): Promise<StartInstanceRefreshAnswer> {
  const group = requireGroup(input.AutoScalingGroupName, context);
  if (input.Strategy && input.Strategy !== 'Rolling') throw validationError(`The strategy ${input.Strategy} is not supported. Use Rolling.`);
  const preferences = preferencesFrom(input.Preferences);
  const desiredConfiguration = desiredConfigurationFrom(input.DesiredConfiguration, context);
  if (preferences.autoRollback && desiredConfiguration === undefined) throw validationError('AutoRollback needs a desired configuration.');
  const id = randomUUID();
  await changeGroup(
    group,
    (current) => {
      if (activeRefreshOf(current)) {
        throw new AwsError('InstanceRefreshInProgress', 'An Instance Refresh is already in progress and blocks the execution of this Instance Refresh.');
      }
      return { instanceRefresh: { id, preferences, ...(desiredConfiguration && { desiredConfiguration }) } };
    },
    context.write,
  );
  return { InstanceRefreshId: id };
}

import type { LaunchConfigurationNameType } from '@aws-sdk/client-auto-scaling';
import { autoScalingGroupNameOf } from '../../../api/auto-scaling/auto-scaling-group.ts';
import { isNotFound } from '../../../kubernetes/errors.ts';
import { LaunchConfiguration } from '../../../kubernetes/resources.ts';
import { AwsError } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { groupsOf } from '../groups/find-group.ts';
import { validationError } from '../../model-constraints.ts';
import { findConfiguration } from './find-configuration.ts';

/**
 * Removes a launch configuration that no group uses.
 * @throws AwsError ValidationError, ResourceInUse
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DeleteLaunchConfiguration.html
 */
export async function deleteLaunchConfiguration({ LaunchConfigurationName: name = '' }: LaunchConfigurationNameType, context: OperationContext): Promise<void> {
  const configuration = findConfiguration(name, context);
  if (configuration === undefined) throw validationError(`Launch configuration name not found - Launch configuration ${name} not found`);
  const user = groupsOf(context).find(({ spec }) => spec.launchConfigurationName === name);
  if (user) throw new AwsError('ResourceInUse', `Cannot delete launch configuration ${name} because it is attached to AutoScalingGroup ${autoScalingGroupNameOf(user)}`);
  const { metadata } = configuration;
  await context.write.remove(LaunchConfiguration, { namespace: metadata.namespace, name: metadata.name }).catch((error: unknown) => {
    if (!isNotFound(error)) throw error; // already gone is what was asked for
  });
}

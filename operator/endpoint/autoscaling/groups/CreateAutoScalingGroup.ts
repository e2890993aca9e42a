import type { CreateAutoScalingGroupType } from '@aws-sdk/client-auto-scaling';
import { AUTO_SCALING_GROUP_FINALIZER, AutoScalingGroupDefinition, type AutoScalingGroupSpec } from '../../../api/auto-scaling/auto-scaling-group.ts';
import { isAlreadyExists } from '../../../kubernetes/errors.ts';
import { AutoScalingGroup } from '../../../kubernetes/resources.ts';
import { AwsError } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { hookFrom } from '../lifecycle-hooks/hook-parameters.ts';
import { trafficFieldsFrom } from '../load-balancers/traffic-sources.ts';
import { groupTagsFrom } from '../tags/sdk-tags.ts';
import { validationError } from '../../model-constraints.ts';
import { asValidationError } from '../validation.ts';
import { findGroup, resourceNameFor } from './find-group.ts';
import { fieldsFrom, requireFittingSizes } from './group-parameters.ts';

/**
 * Makes a group. Its instances follow.
 * @throws AwsError AlreadyExists, ValidationError
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CreateAutoScalingGroup.html
 */
export async function createAutoScalingGroup(input: CreateAutoScalingGroupType, context: OperationContext): Promise<void> {
  const name = input.AutoScalingGroupName ?? '';
  if (name.length < 1 || name.length > 255 || name.includes(':')) throw validationError(`Invalid AutoScalingGroup name '${name}': 1 to 255 characters without colons.`);
  if (findGroup(name, context)) throw alreadyExists(name);
  const spec = specFrom(input, context);
  const resourceName = resourceNameFor(name);
  const { write, caller } = context;
  const group: AutoScalingGroup = {
    apiVersion: AutoScalingGroupDefinition.apiVersion,
    kind: AutoScalingGroupDefinition.kind,
    metadata: { name: resourceName, namespace: caller.namespace, finalizers: [AUTO_SCALING_GROUP_FINALIZER] },
    spec: resourceName === name ? spec : { ...spec, autoScalingGroupName: name },
  };
  await write.create(AutoScalingGroup, group).catch((error: unknown) => {
    throw isAlreadyExists(error) ? alreadyExists(name) : asValidationError(error);
  });
}

function specFrom(input: CreateAutoScalingGroupType, context: OperationContext): AutoScalingGroupSpec {
  const fields = withoutNulls(fieldsFrom(input, context));
  if (fields['launchTemplate'] === undefined && fields['mixedInstancesPolicy'] === undefined && fields['launchConfigurationName'] === undefined) {
    throw validationError('Valid requests must contain either LaunchTemplate, LaunchConfigurationName, InstanceId or MixedInstancesPolicy parameter.');
  }
  if (fields['availabilityZones'] === undefined && fields['subnetIds'] === undefined) throw validationError('At least one Availability Zone or VPC Subnet is required.');
  const { MinSize: minSize = 0, MaxSize: maxSize = 0, DesiredCapacity = minSize } = input;
  requireFittingSizes({ minSize, maxSize }, DesiredCapacity);
  const hooks = (input.LifecycleHookSpecificationList ?? []).map((hook) => hookFrom(hook, undefined));
  const tags = groupTagsFrom(input.Tags);
  return AutoScalingGroupDefinition.spec.parse({
    ...fields,
    ...trafficFieldsFrom(input, undefined),
    minSize,
    maxSize,
    desiredCapacity: DesiredCapacity,
    capacityChange: {
      at: new Date(context.clock.now()).toISOString().replace(/\.\d{3}Z$/, 'Z'),
      cause: `a user request created an AutoScalingGroup changing the desired capacity from 0 to ${DesiredCapacity}.`,
    },
    ...(hooks.length > 0 && { lifecycleHooks: hooks }),
    ...(tags.length > 0 && { tags }),
  });
}

function withoutNulls(fields: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}

function alreadyExists(name: string): AwsError {
  return new AwsError('AlreadyExists', `AutoScalingGroup by this name already exists - A group with the name ${name} already exists`);
}

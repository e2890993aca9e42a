import type { StopInstancesRequest, StopInstancesResult } from '@aws-sdk/client-ec2';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import type { Instance } from '../../../kubernetes/resources.ts';
import { AwsError } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { changePower, incorrectState, notPermitted, type SpecPatch } from './change-instance.ts';
import { requireInstances } from './find-instances.ts';
import { amiOf } from './instance-references.ts';
import { rootDeviceTypeOf } from './sdk-instance.ts';
import { shownStateOf } from './shown-state.ts';

/**
 * Stops instances; all are checked before the first is touched. What is stopped or stopping already is left alone, but for Force on one that stops.
 * @throws AwsError InvalidInstanceID.*, IncorrectInstanceState, UnsupportedOperation (instance-store root), OperationNotPermitted (stop protection),
 *   UnsupportedHibernationConfiguration
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_StopInstances.html
 */
export async function stopInstances(input: StopInstancesRequest, context: OperationContext): Promise<StopInstancesResult> {
  const { write, clock } = context;
  const instances = requireInstances(input.InstanceIds, context);
  for (const instance of instances) requireStoppable(instance, input, context);
  const isHard = input.Force === true || input.SkipOsShutdown === true;
  const now = new Date(clock.now()).toISOString();
  const patchFor = (instance: Instance): SpecPatch | undefined => {
    const state = shownStateOf(instance);
    if (state === 'stopped' || (state === 'stopping' && !isHard)) return undefined;
    return { powerState: 'stopped', ...(isHard && { forceStopRequestedAt: now }) };
  };
  return { StoppingInstances: await changePower(instances, patchFor, 'disableApiStop', write) };
}

function requireStoppable(instance: Instance, { Hibernate }: StopInstancesRequest, { read }: OperationContext): void {
  const id = ec2IdOf('i', instance);
  const state = shownStateOf(instance);
  if (state === 'terminated' || state === 'shutting-down') throw incorrectState(instance, 'stopped');
  if (rootDeviceTypeOf(instance, { ami: amiOf(instance, read) }) === 'instance-store') {
    throw new AwsError('UnsupportedOperation', `The instance '${id}' does not have an 'ebs' root device type and cannot be stopped.`);
  }
  if (state === 'pending') throw incorrectState(instance, 'stopped');
  if (Hibernate) {
    throw new AwsError('UnsupportedHibernationConfiguration', `The instance '${id}' is not configured for hibernation.`);
  }
  if (instance.spec.disableApiStop && state === 'running') throw notPermitted(instance, 'disableApiStop');
}

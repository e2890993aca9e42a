import type { TerminateInstancesRequest, TerminateInstancesResult } from '@aws-sdk/client-ec2';
import type { Instance } from '../../../kubernetes/resources.ts';
import type { OperationContext } from '../../operation.ts';
import { changePower, notPermitted, type SpecPatch } from './change-instance.ts';
import { requireInstances } from './find-instances.ts';
import { shownStateOf } from './shown-state.ts';

/**
 * Terminates instances, all or none: one protected instance keeps the others alive too. Repeating the call succeeds.
 * @throws AwsError InvalidInstanceID.*, OperationNotPermitted
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TerminateInstances.html
 */
export async function terminateInstances(input: TerminateInstancesRequest, context: OperationContext): Promise<TerminateInstancesResult> {
  const instances = requireInstances(input.InstanceIds, context);
  for (const instance of instances) {
    if (instance.spec.disableApiTermination && !isGoing(instance)) throw notPermitted(instance, 'disableApiTermination');
  }
  const isHard = input.Force === true || input.SkipOsShutdown === true;
  const now = new Date(context.clock.now()).toISOString();
  const patchFor = (instance: Instance): SpecPatch | undefined =>
    isGoing(instance) ? undefined : { powerState: 'terminated', ...(isHard && { forceStopRequestedAt: now }) };
  return { TerminatingInstances: await changePower(instances, patchFor, 'disableApiTermination', context.write) };
}

function isGoing(instance: Instance): boolean {
  const state = shownStateOf(instance);
  return state === 'shutting-down' || state === 'terminated';
}

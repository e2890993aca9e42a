import type { StartInstancesRequest, StartInstancesResult } from '@aws-sdk/client-ec2';
import type { Instance } from '../../../kubernetes/resources.ts';
import type { OperationContext } from '../../operation.ts';
import { changePower, incorrectState, type SpecPatch } from './change-instance.ts';
import { requireInstances } from './find-instances.ts';
import { requireRoomToStart } from './launch-placement.ts';
import { requireVcpus } from './launch-quota.ts';
import { shownStateOf } from './shown-state.ts';

/**
 * Starts instances; all are checked before the first is touched. What runs or is about to run is left alone.
 * @throws AwsError InvalidInstanceID.*, IncorrectInstanceState, VcpuLimitExceeded, InsufficientInstanceCapacity - no room in a spread placement group
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_StartInstances.html
 */
export async function startInstances(input: StartInstancesRequest, context: OperationContext): Promise<StartInstancesResult> {
  const instances = requireInstances(input.InstanceIds, context);
  for (const instance of instances) {
    const state = shownStateOf(instance);
    if (state !== 'stopped' && state !== 'running' && state !== 'pending') throw incorrectState(instance, 'started');
  }
  const stopped = instances.filter((instance) => shownStateOf(instance) === 'stopped');
  requireVcpus(stopped, context);
  requireRoomToStart(stopped, context);
  const patchFor = (instance: Instance): SpecPatch | undefined =>
    shownStateOf(instance) === 'stopped' ? { powerState: 'running', forceStopRequestedAt: null } : undefined;
  return { StartingInstances: await changePower(instances, patchFor, 'disableApiStop', context.write) };
}

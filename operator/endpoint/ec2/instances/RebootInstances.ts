import type { RebootInstancesRequest } from '@aws-sdk/client-ec2';
import type { OperationContext } from '../../operation.ts';
import { allBounded } from '../../../kubernetes/bounded.ts';
import { changeSpec, incorrectState } from './change-instance.ts';
import { requireInstances } from './find-instances.ts';
import { shownStateOf } from './shown-state.ts';

const CONCURRENCY = 16;

/**
 * Asks for a reboot and returns; the controllers carry it out.
 * @throws AwsError InvalidInstanceID.*, IncorrectInstanceState
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RebootInstances.html
 */
export async function rebootInstances(input: RebootInstancesRequest, context: OperationContext): Promise<void> {
  const instances = requireInstances(input.InstanceIds, context);
  for (const instance of instances) {
    if (shownStateOf(instance) !== 'running') throw incorrectState(instance, 'rebooted');
  }
  const rebootRequestedAt = new Date(context.clock.now()).toISOString();
  await allBounded(instances, CONCURRENCY, (instance) => changeSpec(instance, { rebootRequestedAt }, context.write));
}

import type { InstanceState } from '@aws-sdk/client-ec2';
import { INSTANCE_STATE_CODES, type Instance, type InstanceStateName } from '../../../api/compute/instance.ts';

/**
 * The state that the API shows: that of the status, but a wish that the controllers have not seen yet already counts. So StopInstances is followed
 * by `stopping` at once, on every replica, as in EC2, and a StartInstances right after it is refused as EC2 refuses it.
 */
export function shownStateOf({ metadata, spec, status }: Instance): InstanceStateName {
  const state = status?.state;
  if (state === 'terminated') return state;
  if (metadata.deletionTimestamp !== undefined || spec.powerState === 'terminated') return 'shutting-down';
  if (state === undefined) return 'pending';
  if (status?.observedGeneration === metadata.generation) return state;
  // An instance-store root cannot be stopped: such a wish (of kubectl's) has no effect.
  if (spec.powerState === 'stopped' && state === 'running' && status?.rootDeviceType !== 'instance-store') return 'stopping';
  if (spec.powerState === 'running' && state === 'stopped') return 'pending';
  return state;
}

/** A state with its code, as the API writes it. */
export function sdkStateFrom(name: InstanceStateName): InstanceState {
  return { Code: INSTANCE_STATE_CODES[name], Name: name };
}

import { ec2IdOf } from '../../../api/ec2-id.ts';
import type { Instance } from '../../../kubernetes/resources.ts';
import { AwsError } from '../../errors.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { requireInstance } from './find-instances.ts';
import { shownStateOf } from './shown-state.ts';

/**
 * The one instance that a request wants to change: one that has ended, or is about to, takes no change.
 * @throws AwsError InvalidInstanceID.Malformed, InvalidInstanceID.NotFound, IncorrectInstanceState
 */
export function requireLiving(id: string | undefined, context: Pick<ReadOnlyContext, 'read' | 'caller'>): Instance {
  const instance = requireInstance(id ?? '', context);
  const state = shownStateOf(instance);
  if (state !== 'terminated' && state !== 'shutting-down') return instance;
  throw new AwsError('IncorrectInstanceState', `The instance '${ec2IdOf('i', instance)}' is not in the 'running or stopped' state.`);
}

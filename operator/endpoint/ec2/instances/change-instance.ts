import type { InstanceStateChange } from '@aws-sdk/client-ec2';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import { isConflict, isInvalid, isNotFound } from '../../../kubernetes/errors.ts';
import { Instance } from '../../../kubernetes/resources.ts';
import type { Json, Write } from '../../../kubernetes/write.ts';
import { AwsError } from '../../errors.ts';
import { allBounded } from '../../../kubernetes/bounded.ts';
import { IdKinds } from '../ids.ts';
import { inTurn } from '../in-turn.ts';
import { sdkStateFrom, shownStateOf } from './shown-state.ts';

/** Writes of one request that run at the same time. */
const CONCURRENCY = 16;
/** Enough for many callers at the same instance: of those that race one always wins. */
const ATTEMPTS = 50;

/** Fields of the spec to set; null takes one away. */
export type SpecPatch = { [field: string]: Json | undefined };

/** Which protection stands in the way of a change, should the API server refuse it. */
export type Protection = 'disableApiTermination' | 'disableApiStop';

/**
 * Changes fields of an instance's spec.
 * @throws AwsError InvalidInstanceID.NotFound - if it went away meanwhile
 */
export async function changeSpec(instance: Instance, spec: SpecPatch, write: Write): Promise<Instance> {
  const { namespace, name } = instance.metadata;
  return write.patch(Instance, { namespace, name }, { spec }).catch((error: unknown) => {
    if (!isNotFound(error)) throw error;
    const { notFoundCode, notFound } = IdKinds.instance;
    throw new AwsError(notFoundCode, notFound([ec2IdOf('i', instance)]), { cause: error });
  });
}

/**
 * Changes fields that depend on what is there: computed from the instance as the API server has it, and again after a lost race, so that of calls at
 * the same time none undoes another. `patchFor` is pure and may refuse.
 * @throws AwsError InvalidInstanceID.NotFound - if it went away meanwhile; what `patchFor` throws
 */
export async function changeSpecOf(instance: Instance, patchFor: (current: Instance) => SpecPatch, write: Write): Promise<Instance> {
  const { namespace, name, uid = name } = instance.metadata;
  return inTurn(`instance/${uid}`, async () => {
    for (let attempt = 1; ; attempt += 1) {
      // An empty patch changes nothing and answers with what is there now.
      const current = await changeSpec(instance, {}, write);
      const { resourceVersion } = current.metadata;
      try {
        return await write.patch(Instance, { namespace, name }, { metadata: { resourceVersion }, spec: patchFor(current) });
      } catch (error) {
        if (!isConflict(error) || attempt >= ATTEMPTS) throw error;
      }
    }
  });
}

/**
 * Carries a change of power out on several instances and tells the states before and after, in the order of the instances. Instances for which
 * `patchFor` gives nothing are left alone.
 * @throws AwsError OperationNotPermitted - if a protection was set after the look at the cache
 */
export async function changePower(
  instances: readonly Instance[],
  patchFor: (instance: Instance) => SpecPatch | undefined,
  protection: Protection,
  write: Write,
): Promise<InstanceStateChange[]> {
  return allBounded(instances, CONCURRENCY, async (instance) => {
    const patch = patchFor(instance);
    const changed = patch ? await changeProtected(instance, patch, protection, write) : instance;
    return {
      InstanceId: ec2IdOf('i', instance),
      PreviousState: sdkStateFrom(shownStateOf(instance)),
      CurrentState: sdkStateFrom(shownStateOf(changed)),
    };
  });
}

/** EC2's refusal for a protected instance. */
export function notPermitted(instance: Instance, protection: Protection): AwsError {
  const change = protection === 'disableApiTermination' ? 'terminated' : 'stopped';
  return new AwsError(
    'OperationNotPermitted',
    `The instance '${ec2IdOf('i', instance)}' may not be ${change}. Modify its '${protection}' instance attribute and try again.`,
  );
}

/** EC2's refusal of a change that does not fit the state. */
export function incorrectState(instance: Instance, change: 'started' | 'stopped' | 'rebooted'): AwsError {
  return new AwsError('IncorrectInstanceState', `This instance '${ec2IdOf('i', instance)}' is not in a state from which it can be ${change}.`);
}

async function changeProtected(instance: Instance, patch: SpecPatch, protection: Protection, write: Write): Promise<Instance> {
  return changeSpec(instance, patch, write).catch(async (error: unknown) => {
    if (!isInvalid(error)) throw error;
    // The API server's rules refused. An empty patch changes nothing and answers with what is there now.
    const current = await changeSpec(instance, {}, write);
    if (current.spec[protection]) throw notPermitted(current, protection);
    throw error;
  });
}

import { INSTANCE_FINALIZER, InstanceDefinition } from '../../../api/compute/instance.ts';
import { isAlreadyExists, isForbidden, isNotFound, isUnavailable } from '../../../kubernetes/errors.ts';
import { Instance, Secret } from '../../../kubernetes/resources.ts';
import type { OperationContext } from '../../operation.ts';
import { eachBounded } from '../../../kubernetes/bounded.ts';
import { requireSameLaunch, tryAgain, type LaunchIdentity } from './launch-identity.ts';
import type { LaunchPlan } from './launch-plan.ts';
import { instanceLimitExceeded } from './launch-quota.ts';
import { userDataReference, userDataSecretName, writeUserData } from './user-data.ts';

/** Instances that one call creates at the same time. */
const CONCURRENCY = 16;

/** An instance that is there now; `isNew` if this very call made it. */
interface Launched {
  instance: Instance;
  isNew: boolean;
}

/**
 * Creates the instances at these positions of a launch. If fewer than `minimum` could be made, those that this call made are removed again. One
 * exception: with a client token and an API server that does not answer, what was made stays, for the client's next try finds and completes it.
 * @throws AwsError IdempotentParameterMismatch, InstanceLimitExceeded, ServiceUnavailable
 * @throws ApiError - what else made a create fail
 */
export async function launch(positions: readonly number[], minimum: number, plan: LaunchPlan, identity: LaunchIdentity, context: OperationContext): Promise<Instance[]> {
  const results = await eachBounded(positions, CONCURRENCY, (index) => launchOne(index, plan, identity, context), { stopOnFailure: true });
  const launched = results.flatMap((result) => (result && 'value' in result ? [result.value] : []));
  const failures = results.flatMap((result) => (result && 'error' in result ? [result.error] : []));
  const instances = launched.map(({ instance }) => instance);
  if (failures.length === 0) return instances;
  const isEnough = launched.length >= minimum;
  if (isEnough) context.log.warn('fewer instances were launched than the maximum that was asked for', { launched: launched.length, wanted: positions.length });
  if (isEnough || identity.clientToken === undefined || !failures.every(isUnavailable)) {
    // A create that was not answered may have been carried out, so what failed is removed too.
    const kept = new Set(launched.filter(({ isNew }) => isEnough || !isNew).map(({ instance }) => instance.metadata.name));
    await removeAgain(positions.map(identity.instanceId).filter((id) => !kept.has(id)), plan, context);
  }
  if (isEnough) return instances;
  throw refusalFrom(failures[0]);
}

async function launchOne(index: number, plan: LaunchPlan, identity: LaunchIdentity, { write, caller }: OperationContext): Promise<Launched> {
  const id = identity.instanceId(index);
  const { namespace } = caller;
  if (plan.userData) await writeUserData(id, namespace, plan.userData, write);
  const instance = instanceFor(index, plan, identity, namespace);
  try {
    return { instance: await write.create(Instance, instance), isNew: true };
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
    // Another call with the same token was faster. An empty patch changes nothing and answers with what is there now.
    const existing = await write.patch(Instance, { namespace, name: id }, {});
    requireSameLaunch(existing, identity);
    return { instance: existing, isNew: false };
  }
}

function instanceFor(index: number, { spec, userData, group }: LaunchPlan, identity: LaunchIdentity, namespace: string): Instance {
  const { reservationId, clientToken, parametersHash } = identity;
  const id = identity.instanceId(index);
  const partitions = group?.partitions ?? [];
  return {
    apiVersion: InstanceDefinition.apiVersion,
    kind: InstanceDefinition.kind,
    metadata: { name: id, namespace, finalizers: [INSTANCE_FINALIZER] },
    spec: {
      ...spec,
      ...(partitions.length > 0 && { placement: { ...spec.placement, partitionNumber: partitions[index % partitions.length] } }),
      ...(userData && { userDataSecretRef: userDataReference(id) }),
      launch: { reservationId, launchIndex: index, parametersHash, ...(clientToken !== undefined && { clientToken }) },
    },
  };
}

/** Takes back what a launch that failed has made, and what it may have made without hearing of it. A failure here is logged: the launch's own is told. */
async function removeAgain(ids: readonly string[], plan: LaunchPlan, { write, caller, log }: OperationContext): Promise<void> {
  const { namespace } = caller;
  const results = await eachBounded(ids, CONCURRENCY, async (id) => {
    const key = { namespace, name: id };
    // The protection is for the instances of a launch that succeeded; it would keep this one from being removed.
    if (plan.spec.disableApiTermination) await unlessNotFound(write.patch(Instance, key, { spec: { disableApiTermination: false } }));
    await unlessNotFound(write.remove(Instance, key));
    if (plan.userData) await unlessNotFound(write.remove(Secret, { namespace, name: userDataSecretName(id) }));
  });
  for (const [position, result] of results.entries()) {
    if (result && 'error' in result) log.error('an instance of a failed launch could not be removed', { instance: ids[position], error: String(result.error) });
  }
}

async function unlessNotFound(change: Promise<unknown>): Promise<void> {
  await change.catch((error: unknown) => {
    if (!isNotFound(error)) throw error;
  });
}

function refusalFrom(error: unknown): unknown {
  // A ResourceQuota's refusal has the same code and reason as one for want of permission: only the words tell.
  if (!isForbidden(error)) return error;
  if (error.message.includes('exceeded quota')) return instanceLimitExceeded(undefined, undefined);
  // What is used of a new quota has not been counted yet.
  if (error.message.includes('status unknown for quota')) return tryAgain('The quota of the account is being counted.', error);
  return error;
}

import { INSTANCE_FINALIZER } from '../../api/compute/instance.ts';
import { isNotFound } from '../../kubernetes/errors.ts';
import { Instance } from '../../kubernetes/resources.ts';
import type { Write } from '../../kubernetes/write.ts';

/** Whether our finalizer keeps the object. */
export function isHeld({ metadata }: Instance): boolean {
  return (metadata.finalizers ?? []).includes(INSTANCE_FINALIZER);
}

/** Keeps the Instance until its machine is gone. One made through the API is kept from the start; answers with the object as it is then. */
export async function holdFinalizer(instance: Instance, write: Write): Promise<Instance> {
  if (isHeld(instance)) return instance;
  const { namespace, name, resourceVersion, finalizers = [] } = instance.metadata;
  // The list is replaced whole, so it must be the one that we saw.
  return write.patch(Instance, { namespace, name }, { metadata: { resourceVersion, finalizers: [...finalizers, INSTANCE_FINALIZER] } });
}

/** Lets the Instance go. */
export async function releaseFinalizer(instance: Instance, write: Write): Promise<void> {
  const { namespace, name, resourceVersion, finalizers = [] } = instance.metadata;
  const rest = finalizers.filter((other) => other !== INSTANCE_FINALIZER);
  await write.patch(Instance, { namespace, name }, { metadata: { resourceVersion, finalizers: rest } }).catch((error: unknown) => {
    if (!isNotFound(error)) throw error; // an earlier pass let it go, and the cache lags
  });
}

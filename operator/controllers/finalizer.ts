import type { KubernetesObject, ObjectMeta } from '../api/shared.ts';
import { isNotFound } from '../kubernetes/errors.ts';
import type { ResourceType } from '../kubernetes/resource-type.ts';
import type { Write } from '../kubernetes/write.ts';

type Held = KubernetesObject & { metadata: ObjectMeta & { name: string } };

/** Puts a finalizer on an object that does not have it yet. */
export async function holdWith<T extends Held>(type: ResourceType<T>, object: T, finalizer: string, write: Write): Promise<void> {
  const { namespace, name, resourceVersion, finalizers = [] } = object.metadata;
  if (finalizers.includes(finalizer)) return;
  await write.patch(type, { namespace, name }, { metadata: { resourceVersion, finalizers: [...finalizers, finalizer] } });
}

/** Takes a finalizer away, so that a deleted object can go. */
export async function letGoOf<T extends Held>(type: ResourceType<T>, object: T, finalizer: string, write: Write): Promise<void> {
  const { namespace, name, resourceVersion, finalizers = [] } = object.metadata;
  if (!finalizers.includes(finalizer)) return;
  const rest = finalizers.filter((other) => other !== finalizer);
  await write.patch(type, { namespace, name }, { metadata: { resourceVersion, finalizers: rest } }).catch((error: unknown) => {
    if (!isNotFound(error)) throw error; // gone already
  });
}

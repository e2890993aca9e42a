import type { KubernetesObject } from '../api/shared.ts';
import { isNotFound } from '../kubernetes/errors.ts';
import type { ObjectKey } from '../kubernetes/read.ts';
import type { ResourceType } from '../kubernetes/resource-type.ts';
import type { Write } from '../kubernetes/write.ts';

/**
 * What the API server holds at this moment, past the cache: an empty merge patch changes nothing, not even the resourceVersion, and answers with the
 * object. For the rare decisions that must not rest on a cache that may lag, such as taking a machine for lost. Needs the verb patch.
 */
export async function liveObject<T extends KubernetesObject>(type: ResourceType<T>, key: ObjectKey, write: Write): Promise<T | undefined> {
  try {
    return await write.patch(type, key, {});
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

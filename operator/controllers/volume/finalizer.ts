import { VOLUME_FINALIZER } from '../../api/storage/volume.ts';
import { isConflict, isNotFound } from '../../kubernetes/errors.ts';
import { Volume } from '../../kubernetes/resources.ts';
import type { Write } from '../../kubernetes/write.ts';

/** Keeps the Volume until its claim is gone; answers with the object as it is then. */
export async function holdFinalizer(volume: Volume, write: Write): Promise<Volume> {
  const { namespace, name, resourceVersion, finalizers = [] } = volume.metadata;
  if (finalizers.includes(VOLUME_FINALIZER)) return volume;
  // The list is replaced whole, so it must be the one that we saw.
  return write.patch(Volume, { namespace, name }, { metadata: { resourceVersion, finalizers: [...finalizers, VOLUME_FINALIZER] } });
}

/** Lets the Volume go. */
export async function releaseFinalizer(volume: Volume, write: Write): Promise<void> {
  const { namespace, name, resourceVersion, finalizers = [] } = volume.metadata;
  const rest = finalizers.filter((other) => other !== VOLUME_FINALIZER);
  if (rest.length === finalizers.length) return;
  await write.patch(Volume, { namespace, name }, { metadata: { resourceVersion, finalizers: rest } }).catch((error: unknown) => {
    if (!isNotFound(error) && !isConflict(error)) throw error; // an earlier pass let it go, and the cache lags
  });
}

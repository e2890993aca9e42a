import { isConflict, isNotFound } from '../../kubernetes/errors.ts';
import { Volume } from '../../kubernetes/resources.ts';
import type { Write } from '../../kubernetes/write.ts';
import type { ReconcileContext } from '../../runtime/reconcile.ts';
import { instanceOf } from './indexes.ts';

/** On a volume that its instance let go of, and that was to go with it: written together with the end of the attachment, so that no crash loses it. */
const DELETE_ANNOTATION = 'kube-ec2.io/delete-with-instance';

/** Takes a volume off an instance that ends; one that was to go with it goes then. */
export async function releaseVolume({ metadata, spec }: Volume, write: Write): Promise<void> {
  const { namespace, name, resourceVersion } = metadata;
  const annotations = spec.attachment?.deleteOnTermination === true ? { annotations: { [DELETE_ANNOTATION]: 'true' } } : {};
  await write.patch(Volume, { namespace, name }, { metadata: { resourceVersion, ...annotations }, spec: { attachment: null } }).catch((error: unknown) => {
    if (!isNotFound(error)) throw error; // gone, which is as good
  });
}

/** Removes a volume that is to go with its instance, which it was released from; true if that is done. */
export async function removeReleased({ metadata, spec }: Volume, { write }: ReconcileContext): Promise<boolean> {
  const { namespace, name, uid, annotations } = metadata;
  if (annotations?.[DELETE_ANNOTATION] !== 'true' || spec.attachment !== undefined) return false;
  await write.remove(Volume, { namespace, name }, uid === undefined ? {} : { uid }).catch((error: unknown) => {
    if (!isNotFound(error)) throw error; // already gone is what we want
  });
  return true;
}

/** Lets go of an instance that had the volume and is not there any more, resource and all; true if that is done. */
export async function releaseFromLostInstance(volume: Volume, { read, write }: ReconcileContext): Promise<boolean> {
  const { spec, status, metadata } = volume;
  if (spec.attachment === undefined || status?.attachment === undefined) return false;
  if (instanceOf(spec.attachment.instanceId, metadata.namespace, read) !== undefined) return false;
  await releaseVolume(volume, write).catch((error: unknown) => {
    if (!isConflict(error)) throw error; // somebody else changed it: the next pass sees what is so then
  });
  return true;
}

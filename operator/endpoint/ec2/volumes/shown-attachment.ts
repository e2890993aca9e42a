import { ec2IdOf } from '../../../api/ec2-id.ts';
import type { VolumeStatus } from '../../../api/storage/volume.ts';
import type { Read } from '../../../kubernetes/read.ts';
import { Instance, type Volume } from '../../../kubernetes/resources.ts';
import { instancesById, withinNamespace } from '../indexes.ts';

/** An attachment as the API shows it; without a time until the controllers have seen it. */
export type ShownAttachment = Omit<NonNullable<VolumeStatus['attachment']>, 'attachTime'> & { attachTime?: string };

/** The instance of a name or id. */
export function instanceOfReference(reference: string, namespace: string | undefined, read: Read): Instance | undefined {
  return read.byIndex(instancesById, withinNamespace(namespace, reference))[0] ?? read.get(Instance, { namespace, name: reference });
}

/**
 * Where a volume is as the API shows it: what the status says, but a wish that the controllers have not seen yet already counts. So AttachVolume is
 * followed by in-use at once, on every replica, and DetachVolume by detaching.
 */
export function shownAttachmentOf(volume: Volume, read: Read): ShownAttachment | undefined {
  const reference = volume.spec.attachment?.instanceId ?? volume.status?.attachment?.instanceId;
  const instance = reference === undefined ? undefined : instanceOfReference(reference, volume.metadata.namespace, read);
  return instance && attachmentTo(instance, volume);
}

/** The same where the instance is known to be the one that spec or status names. */
export function attachmentTo(instance: Instance, { metadata, spec, status }: Volume): ShownAttachment | undefined {
  const instanceId = ec2IdOf('i', instance);
  const seen = status?.attachment?.instanceId === instanceId ? status.attachment : undefined;
  const wish = spec.attachment;
  if (wish === undefined) return seen && { ...seen, state: 'detaching' };
  if (wish.instanceId !== instanceId && wish.instanceId !== instance.metadata.name) return undefined;
  const { device, deleteOnTermination } = wish;
  if (seen) return { ...seen, device, deleteOnTermination };
  // What the controllers have seen and not attached is refused: a condition says why.
  if (status?.observedGeneration === metadata.generation) return undefined;
  return { instanceId, device, state: 'attaching', deleteOnTermination };
}

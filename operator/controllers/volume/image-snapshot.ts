import { imageMappingsOf, isSameDevice } from '../../api/compute/image-devices.ts';
import { ec2IdOf } from '../../api/ec2-id.ts';
import type { Read } from '../../kubernetes/read.ts';
import type { Snapshot, Volume } from '../../kubernetes/resources.ts';
import { volumeIdOf } from '../instance/identity.ts';
import { launchableImage } from '../launchable-image.ts';
import { instanceOf, ownSnapshotOf } from './indexes.ts';

/**
 * The snapshot behind the image of another account that a volume is made of because an instance is launched from that image: whoever may launch it needs
 * no permission for its snapshots. Everything is looked up, nothing taken from the volume's word: it must be the very volume that the instance gets under
 * the device for which the image has that snapshot. So a permission that is withdrawn ends launches, and nothing that has its disk already.
 */
export function imageSnapshotOf({ metadata, spec }: Volume, read: Read): Snapshot | undefined {
  const { attachment, snapshotId } = spec;
  if (attachment === undefined || snapshotId === undefined) return undefined;
  const instance = instanceOf(attachment.instanceId, metadata.namespace, read);
  if (instance === undefined || metadata.name !== volumeIdOf(instance, attachment.device)) return undefined;
  const ami = launchableImage(instance.spec.imageId, metadata.namespace, read);
  const owner = ami?.metadata.namespace;
  if (ami === undefined || owner === metadata.namespace || ami.status?.state !== 'available') return undefined;
  const reference = imageMappingsOf(ami).find(({ deviceName }) => isSameDevice(deviceName, attachment.device))?.ebs?.snapshotId;
  const snapshot = reference === undefined ? undefined : ownSnapshotOf(reference, owner, read);
  return snapshot !== undefined && ec2IdOf('snap', snapshot) === snapshotId ? snapshot : undefined;
}

import { VOLUME_FINALIZER, VolumeDefinition } from '../../api/storage/volume.ts';
import { isAlreadyExists, isForbidden, isInvalid } from '../../kubernetes/errors.ts';
import type { Read } from '../../kubernetes/read.ts';
import { PersistentVolumeClaim, Volume, type Instance } from '../../kubernetes/resources.ts';
import type { Write } from '../../kubernetes/write.ts';
import type { ReconcileContext } from '../../runtime/reconcile.ts';
import { ensureClaim } from '../volume/claim.ts';
import { gibOfClaim } from '../volume/find-source.ts';
import { snapshotOf } from '../volume/indexes.ts';
import { isObjection } from '../volume/objection.ts';
import type { Devices, VolumeDevice } from './devices.ts';
import { instanceIdOf } from './identity.ts';
import type { Objection } from './objection.ts';
import type { InstanceSettings } from './settings.ts';

/** The size of what a volume is made from, as far as it is known. */
function contentGiB({ source, ebs }: VolumeDevice, namespace: string | undefined, read: Read): number {
  if (ebs.snapshotId !== undefined) return snapshotOf(ebs.snapshotId, namespace, read)?.status?.volumeSize ?? 0;
  const claimName = source?.persistentVolumeClaim?.claimName;
  return claimName === undefined ? 0 : gibOfClaim(read.get(PersistentVolumeClaim, { namespace, name: claimName }));
}

/** The Volume of a device. What the launch asks for is taken at its word; what the image asks for grows with the content. Pure. */
export function volumeFor(instance: Instance, device: VolumeDevice, read: Read): Volume {
  const { volumeId, deviceName, ebs, source, requestedGiB, imageGiB, deleteOnTermination } = device;
  const { namespace } = instance.metadata;
  const size = requestedGiB ?? Math.max(imageGiB ?? 0, contentGiB(device, namespace, read));
  const { availabilityZone } = instance.spec.placement;
  const { volumeTags } = instance.spec;
  return {
    apiVersion: VolumeDefinition.apiVersion,
    kind: VolumeDefinition.kind,
    metadata: { name: volumeId, ...(namespace === undefined ? {} : { namespace }), finalizers: [VOLUME_FINALIZER] },
    spec: {
      ...(size === 0 ? {} : { size }),
      volumeType: ebs.volumeType ?? 'gp2',
      ...(ebs.iops === undefined ? {} : { iops: ebs.iops }),
      ...(ebs.throughput === undefined ? {} : { throughput: ebs.throughput }),
      encrypted: ebs.encrypted ?? false,
      ...(availabilityZone === undefined ? {} : { availabilityZone }),
      ...(ebs.snapshotId === undefined ? {} : { snapshotId: ebs.snapshotId }),
      ...(source === undefined ? {} : { source }),
      attachment: { instanceId: instanceIdOf(instance), device: deviceName, deleteOnTermination },
      autoEnableIO: false,
      ...(volumeTags === undefined ? {} : { tags: volumeTags }),
    },
  };
}

/**
 * Makes the Volumes of an instance, named by their ids, so that a repeated pass finds them, and their claims, which the volume controller would make a
 * moment later: so the machine waits for nothing.
 */
export async function prepareVolumes(
  instance: Instance,
  { volumes }: Devices,
  context: Pick<ReconcileContext, 'read' | 'live' | 'write'>,
  settings: InstanceSettings,
): Promise<Objection | undefined> {
  const { read, write } = context;
  let sibling: PersistentVolumeClaim | undefined;
  for (const device of volumes) {
    const key = { namespace: instance.metadata.namespace, name: device.volumeId };
    const volume: Volume | Objection | undefined = read.get(Volume, key) ?? (await made(volumeFor(instance, device, read), write));
    if (volume === undefined) continue; // an earlier pass made it, and the cache lags: the volume controller goes on
    if ('reason' in volume) return { ...volume, message: `the volume of ${device.deviceName} cannot be made: ${volume.message}` };
    const claim = await ensureClaim(volume, context, settings, sibling);
    if (isObjection(claim)) return { reason: claim.reason === 'ClaimRefused' ? 'VolumeRefused' : claim.reason, message: `the volume of ${device.deviceName} cannot be made: ${claim.message}` };
    sibling ??= claim;
  }
  return undefined;
}

async function made(volume: Volume, write: Write): Promise<Volume | Objection | undefined> {
  try {
    return await write.create(Volume, volume);
  } catch (error) {
    if (isInvalid(error) || isForbidden(error)) return { reason: 'VolumeRefused', message: error.message };
    if (!isAlreadyExists(error)) throw error; // the name is ours alone
    return undefined;
  }
}

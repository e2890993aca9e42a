import { INSTANCE_ID_LABEL } from '../../api/instance.ts';
import { isAlreadyExists, isForbidden, isInvalid } from '../../kubernetes/errors.ts';
import { quantityFrom } from '../../kubernetes/quantity.ts';
import type { Read } from '../../kubernetes/read.ts';
import { PersistentVolumeClaim, type Instance } from '../../kubernetes/resources.ts';
import type { Write } from '../../kubernetes/write.ts';
import type { Devices, VolumeDevice } from './devices.ts';
import { instanceIdOf } from './identity.ts';
import type { Objection } from './objection.ts';
import type { InstanceSettings } from './settings.ts';

const BYTES_PER_GIB = 2 ** 30;
/** Device name of a volume, on its claim. */
export const DEVICE_NAME_ANNOTATION = 'kube-ec2.io/device-name';

/** The claim of a volume, or what stands in the way. Pure. */
export function claimFor(
  instance: Instance,
  volume: VolumeDevice,
  source: PersistentVolumeClaim | undefined,
  settings: InstanceSettings,
): PersistentVolumeClaim | Objection {
  const { content, volumeId, deviceName, requestedGiB, defaultGiB } = volume;
  if (content?.kind === 'PersistentVolumeClaim' && source === undefined) {
    return { reason: 'VolumeSourceNotFound', message: `claim ${content.name}, which holds the root disk of the AMI, does not exist` };
  }
  const sourceSize = source?.status?.capacity?.['storage'] ?? source?.spec?.resources?.requests?.['storage'];
  const sourceGiB = (quantityFrom(sourceSize) ?? 0) / BYTES_PER_GIB;
  if (requestedGiB !== undefined && requestedGiB < sourceGiB) {
    return { reason: 'VolumeTooSmall', message: `${deviceName} of ${requestedGiB} GiB is smaller than the ${Math.ceil(sourceGiB)} GiB that it is made from` };
  }
  // A clone must have its source's mode, and can mostly only be made within one class.
  const storageClassName = source?.spec?.storageClassName ?? settings.storageClass;
  const volumeMode = source?.spec?.volumeMode;
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      name: volumeId,
      ...(instance.metadata.namespace === undefined ? {} : { namespace: instance.metadata.namespace }),
      labels: { [INSTANCE_ID_LABEL]: instanceIdOf(instance) },
      annotations: { [DEVICE_NAME_ANNOTATION]: deviceName },
    },
    spec: {
      accessModes: source?.spec?.accessModes ?? ['ReadWriteOnce'],
      resources: { requests: { storage: `${requestedGiB ?? Math.max(defaultGiB, Math.ceil(sourceGiB))}Gi` } },
      ...(storageClassName === undefined ? {} : { storageClassName }),
      ...(volumeMode === undefined ? {} : { volumeMode }),
      ...(content === undefined ? {} : { dataSource: { kind: content.kind, name: content.name, ...apiGroupOf(content.kind) } }),
    },
  };
}

function apiGroupOf(kind: 'PersistentVolumeClaim' | 'VolumeSnapshot'): { apiGroup?: string } {
  return kind === 'VolumeSnapshot' ? { apiGroup: 'snapshot.storage.k8s.io' } : {};
}

/**
 * Makes the claims of an instance's volumes, named by the volumes' ids, so that a repeated pass finds them. They belong to nobody: the instance's
 * end decides what becomes of each.
 */
export async function prepareVolumes(
  instance: Instance,
  { volumes }: Devices,
  { read, write }: { read: Read; write: Write },
  settings: InstanceSettings,
): Promise<Objection | undefined> {
  const namespace = instance.metadata.namespace;
  for (const volume of volumes) {
    if (read.get(PersistentVolumeClaim, { namespace, name: volume.volumeId }) !== undefined) continue;
    const source =
      volume.content?.kind === 'PersistentVolumeClaim' ? read.get(PersistentVolumeClaim, { namespace, name: volume.content.name }) : undefined;
    const claim = claimFor(instance, volume, source, settings);
    if ('reason' in claim) return claim;
    try {
      await write.create(PersistentVolumeClaim, claim);
    } catch (error) {
      if (isInvalid(error) || isForbidden(error)) return { reason: 'VolumeRefused', message: `the volume of ${volume.deviceName} cannot be made: ${error.message}` };
      if (!isAlreadyExists(error)) throw error; // an earlier pass made it; the name is ours alone
    }
  }
  return undefined;
}

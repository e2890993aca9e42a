import { isSameDevice, storeDiskAt } from '../../api/compute/image-devices.ts';
import { ec2IdOf } from '../../api/ec2-id.ts';
import type { VolumeStatus } from '../../api/storage/volume.ts';
import type { Clock } from '../../kubernetes/clock.ts';
import { instanceStorageOfType } from '../../kubernetes/instance-type-facts.ts';
import type { Read } from '../../kubernetes/read.ts';
import { VirtualMachine, VirtualMachineInstance, type Instance, type Volume } from '../../kubernetes/resources.ts';
import { byAge } from '../by-age.ts';
import { launchableImage } from '../launchable-image.ts';
import { instanceOf, volumesAround } from './indexes.ts';
import type { Objection } from './objection.ts';

type Attachment = NonNullable<VolumeStatus['attachment']>;

/** Whether an instance has, or is to have, machine and disks. */
export function isLiving({ metadata, spec, status }: Instance): boolean {
  return metadata.deletionTimestamp === undefined && spec.powerState !== 'terminated' && status?.state !== 'terminated' && status?.state !== 'shutting-down';
}

/** Whether the volume is to be attached to the instance. */
export function isWantedBy(instance: Instance, { metadata, spec }: Volume): boolean {
  const reference = spec.attachment?.instanceId;
  return metadata.namespace === instance.metadata.namespace && (reference === instance.metadata.name || reference === ec2IdOf('i', instance));
}

/** The disk of a volume in the template of a machine. */
export function diskIn(vm: VirtualMachine | undefined, volumeId: string): { name: string; isHotpluggable: boolean } | undefined {
  const found = (vm?.spec.template.spec?.volumes ?? []).find(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName === volumeId);
  return found && { name: found.name, isHotpluggable: found.persistentVolumeClaim?.hotpluggable === true };
}

/**
 * Why a volume cannot be attached where its spec says. Of two for one device the one that the machine has comes first, then the older. Instance and
 * volume controllers both ask here, so that they agree. Pure.
 */
export function objectionToAttachment(volume: Volume, instance: Instance | undefined, vm: VirtualMachine | undefined, read: Read): Objection | undefined {
  const { attachment, availabilityZone } = volume.spec;
  if (attachment === undefined) return undefined;
  if (instance === undefined) return { reason: 'InstanceNotFound', message: `instance ${attachment.instanceId} does not exist in this namespace` };
  if (!isLiving(instance)) return { reason: 'InstanceTerminated', message: `instance ${attachment.instanceId} is terminated, or about to be` };
  if (diskIn(vm, ec2IdOf('vol', volume)) !== undefined) return undefined;
  const zone = volume.status?.availabilityZone ?? availabilityZone;
  const instanceZone = instance.status?.availabilityZone ?? instance.spec.placement.availabilityZone;
  if (zone !== undefined && instanceZone !== undefined && zone !== instanceZone) {
    return { reason: 'ZoneMismatch', message: `the volume is in zone ${zone}, the instance in ${instanceZone}` };
  }
  const { imageId, instanceType } = instance.spec;
  const storage = instanceStorageOfType(instance.status?.instanceType ?? instanceType, read);
  const storeDisk = storeDiskAt(attachment.device, instance, launchableImage(imageId, instance.metadata.namespace, read), storage);
  if (storeDisk !== undefined) return { reason: 'DeviceTaken', message: `${attachment.device} of the instance is taken by its instance store disk ${storeDisk}; use another device name` };
  const rivals = volumesAround(instance, read).filter((other) => other.metadata.uid !== volume.metadata.uid && isWantedBy(instance, other));
  const holder = rivals.filter((other) => isSameDevice(other.spec.attachment?.device ?? '', attachment.device)).find((other) => diskIn(vm, ec2IdOf('vol', other)) !== undefined || byAge(other, volume) < 0);
  if (holder === undefined) return undefined;
  return { reason: 'DeviceTaken', message: `${attachment.device} of the instance is taken by volume ${ec2IdOf('vol', holder)}; use another device name` };
}

function isInRun(vmi: VirtualMachineInstance | undefined, diskName: string): boolean {
  return (vmi?.status?.volumeStatus ?? []).some(({ name }) => name === diskName) || (vmi?.spec.volumes ?? []).some(({ name }) => name === diskName);
}

/** Whether the guest has the disk: a machine that should not run has what its template says. */
function isReady(vm: VirtualMachine | undefined, vmi: VirtualMachineInstance | undefined, disk: { name: string; isHotpluggable: boolean }): boolean {
  if (vmi === undefined) return vm?.spec.runStrategy === 'Halted';
  if (vmi.status?.phase !== 'Running') return false;
  const status = vmi.status.volumeStatus?.find(({ name }) => name === disk.name);
  return disk.isHotpluggable ? status?.phase === 'Ready' : true;
}

/** A disk of the run by the claim of its volume; kept in mind after the template has lost it. */
function runDiskOf(vmi: VirtualMachineInstance | undefined, volumeId: string): string | undefined {
  const ofSpec = (vmi?.spec.volumes ?? []).find(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName === volumeId)?.name;
  const ofStatus = (vmi?.status?.volumeStatus ?? []).find(({ persistentVolumeClaimInfo, name }) => persistentVolumeClaimInfo?.claimName === volumeId || name === volumeId)?.name;
  return ofSpec ?? ofStatus;
}

/** Where a volume is, as its machine shows it; undefined if it is nowhere and is to be nowhere. Pure but for the clock. */
export function attachmentFrom(volume: Volume, read: Read, clock: Clock): Attachment | undefined {
  const { namespace } = volume.metadata;
  const volumeId = ec2IdOf('vol', volume);
  const wish = volume.spec.attachment;
  const before = volume.status?.attachment;
  const instance = wish === undefined ? undefined : instanceOf(wish.instanceId, namespace, read);
  const instanceId = instance === undefined ? before?.instanceId : ec2IdOf('i', instance);
  if (instanceId === undefined) return undefined;
  const key = { namespace, name: instanceId };
  const [vm, vmi] = [read.get(VirtualMachine, key), read.get(VirtualMachineInstance, key)];
  const disk = diskIn(vm, volumeId);
  if (wish !== undefined && instance !== undefined && objectionToAttachment(volume, instance, vm, read) === undefined) {
    return {
      instanceId,
      device: wish.device,
      state: disk !== undefined && isReady(vm, vmi, disk) ? 'attached' : 'attaching',
      attachTime: before?.instanceId === instanceId ? before.attachTime : `${new Date(clock.now()).toISOString().slice(0, 19)}Z`,
      deleteOnTermination: wish.deleteOnTermination,
    };
  }
  const runDisk = disk?.name ?? runDiskOf(vmi, volumeId);
  const isThere = disk !== undefined || (runDisk !== undefined && isInRun(vmi, runDisk));
  // A volume that never got there is not on its way out.
  return before !== undefined && isThere ? { ...before, state: 'detaching' } : undefined;
}

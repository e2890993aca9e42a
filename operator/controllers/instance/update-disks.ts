import { ec2IdOf } from '../../api/ec2-id.ts';
import { isSameDevice } from '../../api/compute/image-devices.ts';
import type { Disk, Volume as MachineVolume } from '../../kubernetes/kubevirt/core.ts';
import type { Read } from '../../kubernetes/read.ts';
import { PersistentVolumeClaim, VirtualMachine, type Instance, type VirtualMachineInstance, type Volume } from '../../kubernetes/resources.ts';
import type { Json, Write } from '../../kubernetes/write.ts';
import { diskIn, isWantedBy, objectionToAttachment } from '../volume/attachment.ts';
import { claimKeyOf } from '../volume/claim.ts';
import { volumeOf, volumesAround } from '../volume/indexes.ts';
import { machineKeyOf } from './identity.ts';
import type { Machine } from './observe.ts';
import { machineDiskFor } from './virtual-machine.ts';

/** Disks to add to a machine and to take from it. */
interface DiskChange {
  added: Volume[];
  /** Names within the machine. */
  removed: string[];
}

function isRootOf({ status }: Instance, { spec }: Volume): boolean {
  return status?.rootDeviceType === 'ebs' && isSameDevice(status.rootDeviceName ?? '', spec.attachment?.device ?? '');
}

/** What of the wishes a machine can take up now: boot disks change while it is halted only. Pure. */
export function diskChangeFor(instance: Instance, vm: VirtualMachine, isHalted: boolean, read: Read): DiskChange {
  const added = volumesAround(instance, read).filter(
    (volume) =>
      isWantedBy(instance, volume) &&
      volume.metadata.deletionTimestamp === undefined &&
      diskIn(vm, ec2IdOf('vol', volume)) === undefined &&
      (isHalted || !isRootOf(instance, volume)) &&
      objectionToAttachment(volume, instance, vm, read) === undefined &&
      read.get(PersistentVolumeClaim, claimKeyOf(volume)) !== undefined,
  );
  const removed = (vm.spec.template.spec?.volumes ?? []).filter(({ persistentVolumeClaim }) => {
    const claimName = persistentVolumeClaim?.claimName;
    const volume = claimName === undefined ? undefined : volumeOf(claimName, instance.metadata.namespace, read);
    // A disk that no Volume stands for is none of ours.
    return volume !== undefined && !isWantedBy(instance, volume) && (isHalted || persistentVolumeClaim?.hotpluggable === true);
  });
  return { added, removed: removed.map(({ name }) => name) };
}

/**
 * Whether a run has all disks that its machine's template names and no others, each of them ready. KubeVirt loses its way if disks change while it is
 * still busy with the change before, so one change waits for the other.
 */
export function isSettled(vm: VirtualMachine, vmi: VirtualMachineInstance): boolean {
  const names = (volumes: readonly MachineVolume[] | undefined): string => (volumes ?? []).map(({ name }) => name).sort().join(' ');
  if (names(vm.spec.template.spec?.volumes) !== names(vmi.spec.volumes)) return false;
  const inSpec = new Set((vmi.spec.volumes ?? []).map(({ name }) => name));
  return (vmi.status?.volumeStatus ?? []).every(({ name, phase, hotplugVolume }) => hotplugVolume === undefined || (inSpec.has(name) && phase === 'Ready'));
}

/** Gives a machine the disks that Volumes ask for and takes others from it, if it is ready for a change; answers with the machine as it is then. */
export async function updateDisks(
  instance: Instance,
  vm: VirtualMachine,
  vmi: VirtualMachineInstance | undefined,
  machine: Machine,
  { read, write }: { read: Read; write: Write },
): Promise<VirtualMachine> {
  const isHalted = machine.is === 'halted';
  if (!isHalted && (machine.is !== 'running' || vmi === undefined || !isSettled(vm, vmi))) return vm;
  const { added, removed } = diskChangeFor(instance, vm, isHalted, read);
  if (added.length === 0 && removed.length === 0) return vm;
  const made = added.map((volume) => machineDiskFor({ volumeId: ec2IdOf('vol', volume), isRoot: isRootOf(instance, volume) }));
  const isKept = ({ name }: { name: string }): boolean => !removed.includes(name);
  const { volumes = [], domain } = vm.spec.template.spec ?? {};
  const disks = (domain?.devices.disks ?? []).filter(isKept);
  return write.patch(VirtualMachine, machineKeyOf(instance), {
    // Lists are replaced whole, so they must be those that were seen.
    metadata: { resourceVersion: vm.metadata?.resourceVersion },
    spec: {
      template: {
        spec: {
          volumes: json([...volumes.filter(isKept), ...made.map(({ volume }) => volume)]),
          domain: { devices: { disks: json([...disks, ...made.map(({ disk }) => disk)]) } },
        },
      },
    },
  });
}

function json(value: readonly (MachineVolume | Disk)[]): Json {
  return value as unknown as Json;
}

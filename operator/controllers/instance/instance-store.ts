import type { InstanceStorage } from '../../api/compute/instance-type.ts';
import type { Disk, Volume } from '../../kubernetes/kubevirt/core.ts';

/** A disk that lives as long as a run of its machine. */
export interface StoreDisk {
  /** `ephemeral0` to `ephemeral23`: EC2's virtual name. */
  name: string;
  sizeGB: number;
}

const STORE_DISK_NAME = /^ephemeral[0-9]+$/;

/** The disks that a machine of a type has, given the virtual names that block device mappings ask for; names beyond what the type has count for nothing. */
export function storeDisksFor(storage: InstanceStorage | undefined, mapped: readonly string[]): StoreDisk[] {
  if (storage === undefined) return [];
  const names = Array.from({ length: storage.count }, (_, position) => `ephemeral${String(position)}`);
  return names.filter((name) => !storage.isMapped || mapped.includes(name)).map((name) => ({ name, sizeGB: storage.sizeGB }));
}

/**
 * Such a disk within a machine: made empty by each run, kept by reboots. Found in the guest by its serial, the virtual name.
 * @see https://kubevirt.io/user-guide/storage/disks_and_volumes/#emptydisk
 */
export function machineStoreDiskFor({ name, sizeGB }: StoreDisk): { volume: Volume; disk: Disk } {
  return { volume: { name, emptyDisk: { capacity: `${String(sizeGB)}G` } }, disk: { name, serial: name, disk: { bus: 'virtio' } } };
}

/** Virtual names of the disks that a machine has. */
export function storeDiskNamesIn(volumes: readonly Volume[] | undefined): string[] {
  return (volumes ?? []).filter(({ name, emptyDisk }) => emptyDisk !== undefined && STORE_DISK_NAME.test(name)).map(({ name }) => name);
}

/** What the node must have room for: KubeVirt does not count these disks by itself. Null for nothing, which takes it out of a merge patch's target. */
export function storageRequestFor(disks: readonly StoreDisk[]): string | null {
  return disks.length === 0 ? null : `${String(disks.reduce((sum, { sizeGB }) => sum + sizeGB, 0))}G`;
}

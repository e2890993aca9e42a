import { API_GROUP } from '../shared.ts';

/** On an instance type (a VirtualMachineClusterInstancetype): EC2's word for its architecture, `x86_64` when absent. */
export const ARCHITECTURE_LABEL = `${API_GROUP}/architecture`;

/**
 * On an instance type: the disks of its machines that live as long as a run, as `<count>x<GB>`, such as `2x300`. Machines have all of them; with
 * ` mapped` behind it only those that block device mappings name, as with EC2's types of before NVMe.
 */
export const INSTANCE_STORAGE_ANNOTATION = `${API_GROUP}/instance-storage`;

/** Disks of an instance type. */
export interface InstanceStorage {
  count: number;
  /** Size of each, in GB of 10^9 bytes, as EC2 counts them. */
  sizeGB: number;
  /** Whether a machine has only those that block device mappings name. */
  isMapped: boolean;
}

// EC2 has names for 24: ephemeral0 to ephemeral23.
const INSTANCE_STORAGE = /^(?<count>[1-9]|1[0-9]|2[0-4])x(?<size>[1-9][0-9]{0,5})(?<mapped> mapped)?$/;

/** What the annotation says; undefined without one, or if it says something else. */
export function instanceStorageOf(annotations: Readonly<Record<string, string>> | undefined): InstanceStorage | undefined {
  const { count, size, mapped } = INSTANCE_STORAGE.exec(annotations?.[INSTANCE_STORAGE_ANNOTATION] ?? '')?.groups ?? {};
  return count === undefined || size === undefined ? undefined : { count: Number(count), sizeGB: Number(size), isMapped: mapped !== undefined };
}

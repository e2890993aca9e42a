import type { AnyObject } from '../kubernetes-client.ts';
import type { Condition } from './pod.ts';

/** The part of a VirtualMachineInstance that the agent looks at. */
export interface Machine extends AnyObject {
  spec: {
    domain: {
      devices: { interfaces?: { name: string; macAddress?: string; bridge?: object; masquerade?: object }[]; disks?: Disk[] };
      memory?: { guest?: string };
    };
    networks?: { name: string; pod?: object }[];
    volumes?: { name: string; [source: string]: unknown }[];
    hostname?: string;
  };
  status?: {
    phase?: string;
    nodeName?: string;
    conditions?: Condition[];
    interfaces?: NetworkInterface[];
    volumeStatus?: VolumeStatus[];
    phaseTransitionTimestamps?: object[];
    fsFreezeStatus?: string;
    memory?: object;
    migrationState?: MigrationState;
  };
}

/** A live migration as status tells it. */
export interface MigrationState {
  sourceNode?: string;
  targetNode?: string;
  targetPod?: string;
  startTimestamp?: string;
  completed?: boolean;
  failed?: boolean;
  [field: string]: unknown;
}

/** A disk of the guest. */
export interface Disk {
  name: string;
  serial?: string;
  disk?: { bus?: string };
  cdrom?: { bus?: string };
  lun?: { bus?: string };
}

/** A network interface as status tells it. */
export interface NetworkInterface {
  name?: string;
  [field: string]: unknown;
}

/** A volume as status tells it; `hotplugVolume` only for those attached while running. */
export interface VolumeStatus {
  name: string;
  target?: string;
  phase?: string;
  reason?: string;
  message?: string;
  hotplugVolume?: { attachPodName?: string; attachPodUID?: string };
  persistentVolumeClaimInfo?: { accessModes?: string[] };
}

/** On a VirtualMachineInstance: what its guest does. */
export const GUEST_ANNOTATION = 'simulator.kube-ec2.io/guest';
/** Number of soft reboots that the machine was asked for. */
export const SOFT_REBOOTS_ANNOTATION = 'simulator.kube-ec2.io/softreboots';
/** Number of resets that the machine was asked for. */
export const RESETS_ANNOTATION = 'simulator.kube-ec2.io/resets';

/** Path of a machine, below the API server's root. */
export function machinePath(machine: Machine): string {
  return `/apis/kubevirt.io/v1/namespaces/${String(machine.metadata.namespace)}/virtualmachineinstances/${String(machine.metadata.name)}`;
}

/** What its guest was told to do: `poweroff`, `crash`, `ignore-softreboot`, or to be without an agent: `no-agent`. */
export function guestOrder(machine: Machine): string | undefined {
  return machine.metadata.annotations?.[GUEST_ANNOTATION];
}

/** Whether it has ended for good. */
export function isFinal(machine: Machine): boolean {
  return machine.status?.phase === 'Succeeded' || machine.status?.phase === 'Failed';
}

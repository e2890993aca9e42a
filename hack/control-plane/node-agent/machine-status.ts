import { createHash } from 'node:crypto';
import type { Machine, NetworkInterface, VolumeStatus } from './machine.ts';
import type { Condition } from './pod.ts';

/** What the guest agent of the simulated guest says about the operating system. */
export const guestOperatingSystem = {
  id: 'simulated',
  name: 'Simulated guest',
  prettyName: 'Simulated guest of kube-ec2',
  version: '1',
  versionId: '1',
  kernelRelease: 'simulated',
  kernelVersion: 'simulated',
  machine: 'x86_64',
};

/** Status of a machine whose guest has just started, with what virt-controller wrote before. */
export function startedStatus(machine: Machine, podAddress: string, now: string): object {
  const { status = {} } = machine;
  const guest = machine.spec.domain.memory?.guest;
  return {
    phase: 'Running',
    phaseTransitionTimestamps: transition(machine, 'Running', now),
    interfaces: interfacesFor(machine, podAddress),
    guestOSInfo: guestOperatingSystem,
    conditions: withConditions(machine, [agentConnected(now), ...migratableConditions(machine, now)]),
    migrationMethod: 'LiveMigration',
    migrationTransport: 'Unix',
    machine: { type: 'pc-q35-simulated' },
    selinuxContext: 'none',
    ...(guest === undefined ? {} : { memory: { ...status.memory, guestAtBoot: guest, guestCurrent: guest, guestRequested: guest } }),
    volumeStatus: volumesWithTargets(machine),
  };
}

/** Status of a machine whose guest has ended. */
export function endedStatus(machine: Machine, phase: 'Succeeded' | 'Failed', now: string): object {
  return {
    phase,
    phaseTransitionTimestamps: transition(machine, phase, now),
    conditions: (machine.status?.conditions ?? []).filter((condition) => condition.type !== 'AgentConnected'),
  };
}

/** The conditions of the machine, those of the same type replaced. */
export function withConditions(machine: Machine, conditions: readonly Condition[]): Condition[] {
  const types = new Set(conditions.map((condition) => condition.type));
  return [...(machine.status?.conditions ?? []).filter((condition) => !types.has(condition.type)), ...conditions];
}

/** The guest agent answers. */
export function agentConnected(now: string): Condition {
  return { type: 'AgentConnected', status: 'True', lastProbeTime: now, lastTransitionTime: now };
}

/**
 * Volumes after one step of hot-plug: attached to the node -> mounted -> ready with a device name; out of the spec -> unmounted.
 * `undefined` if nothing is to be done.
 */
export function hotplugStep(machine: Machine): VolumeStatus[] | undefined {
  const inSpec = new Set((machine.spec.volumes ?? []).map((volume) => volume.name));
  const before = machine.status?.volumeStatus ?? [];
  const after = before.map((volume): VolumeStatus => {
    if (!volume.hotplugVolume) return volume;
    if (!inSpec.has(volume.name)) {
      if (volume.phase !== 'Ready' && volume.phase !== 'MountedToPod') return volume;
      const message = `Volume ${volume.name} has been unmounted from virt-launcher pod`;
      return { ...volume, target: '', phase: 'UnMountedFromPod', reason: 'VolumeUnMountedFromPod', message };
    }
    if (volume.phase === 'AttachedToNode' && volume.hotplugVolume.attachPodUID) {
      const message = `Volume ${volume.name} has been mounted in virt-launcher pod`;
      return { ...volume, phase: 'MountedToPod', reason: 'VolumeMountedToPod', message };
    }
    if (volume.phase === 'MountedToPod') {
      const message = `Successfully attach hotplugged volume ${volume.name} to VM`;
      return { ...volume, phase: 'Ready', reason: 'VolumeReady', message, target: freeTarget(machine, volume.name) };
    }
    return volume;
  });
  return after.some((volume, index) => volume !== before[index]) ? after : undefined;
}

function transition(machine: Machine, phase: string, now: string): object[] {
  return [...(machine.status?.phaseTransitionTimestamps ?? []), { phase, phaseTransitionTimestamp: now }];
}

/** Interfaces with the address of the pod that the machine runs in. */
export function interfacesFor(machine: Machine, podAddress: string): NetworkInterface[] {
  const pods = new Set((machine.spec.networks ?? []).filter((network) => network.pod).map((network) => network.name));
  return (machine.spec.domain.devices.interfaces ?? []).map((device, index) => {
    const known = machine.status?.interfaces?.find((each) => each.name === device.name);
    const address = pods.has(device.name) ? { ipAddress: podAddress, ipAddresses: [podAddress] } : {};
    return {
      ...known,
      name: device.name,
      ...address,
      mac: device.macAddress ?? hardwareAddress(machine, device.name),
      interfaceName: `eth${String(index)}`,
      infoSource: 'domain, guest-agent',
      queueCount: 1,
      linkState: 'up',
    };
  });
}

/** Locally administered address that stays the same for the life of the machine. */
function hardwareAddress(machine: Machine, network: string): string {
  const bytes = createHash('sha256').update(`${String(machine.metadata.uid)}/${network}`).digest().subarray(0, 5);
  return ['02', ...[...bytes].map((byte) => byte.toString(16).padStart(2, '0'))].join(':');
}

/** What KubeVirt's handler finds: a bridge on the pod network and a volume that only one node can mount keep a machine where it is. */
function migratableConditions(machine: Machine, now: string): Condition[] {
  const pods = new Set((machine.spec.networks ?? []).filter((network) => network.pod).map((network) => network.name));
  const isBridged = (machine.spec.domain.devices.interfaces ?? []).some((device) => device.bridge && pods.has(device.name));
  const volume = (machine.status?.volumeStatus ?? []).find(
    ({ persistentVolumeClaimInfo: claim }) => claim && !(claim.accessModes ?? []).includes('ReadWriteMany'),
  );
  const reason = isBridged
    ? { reason: 'InterfaceNotLiveMigratable', message: 'cannot migrate VMI which does not use masquerade to connect to the pod network' }
    : volume && { reason: 'DisksNotLiveMigratable', message: `cannot migrate VMI: PVC of volume ${volume.name} is not shared, live migration requires ReadWriteMany` };
  const common = { lastProbeTime: now, lastTransitionTime: now };
  return [
    { type: 'LiveMigratable', status: reason ? 'False' : 'True', ...reason, ...common },
    { type: 'StorageLiveMigratable', status: isBridged ? 'False' : 'True', ...(isBridged ? reason : {}), ...common },
  ];
}

function volumesWithTargets(machine: Machine): VolumeStatus[] {
  const counters: Record<string, number> = {};
  const targets = new Map(
    (machine.spec.domain.devices.disks ?? []).map((disk) => {
      const prefix = (disk.disk ?? disk.cdrom ?? disk.lun)?.bus === 'virtio' ? 'vd' : 'sd';
      const index = counters[prefix] ?? 0;
      counters[prefix] = index + 1;
      return [disk.name, deviceName(prefix, index)];
    }),
  );
  return (machine.status?.volumeStatus ?? []).map((volume) => {
    const target = targets.get(volume.name);
    return target === undefined || volume.hotplugVolume ? volume : { ...volume, target };
  });
}

function freeTarget(machine: Machine, volumeName: string): string {
  const disk = machine.spec.domain.devices.disks?.find((each) => each.name === volumeName);
  const prefix = disk?.disk?.bus === 'virtio' ? 'vd' : 'sd';
  const taken = new Set((machine.status?.volumeStatus ?? []).map((volume) => volume.target));
  let index = 0;
  while (taken.has(deviceName(prefix, index))) index += 1;
  return deviceName(prefix, index);
}

function deviceName(prefix: string, index: number): string {
  return `${prefix}${String.fromCharCode(97 + index)}`;
}

import type { AmiStatus } from '../../api/compute/ami.ts';
import type { BlockDeviceMapping } from '../../api/compute/block-device-mapping.ts';
import { ec2IdFrom, ec2IdOf } from '../../api/ec2-id.ts';
import { isSameDevice } from '../../api/compute/image-devices.ts';
import { SnapshotDefinition } from '../../api/storage/snapshot.ts';
import { isAlreadyExists, isForbidden, isInvalid } from '../../kubernetes/errors.ts';
import type { Read } from '../../kubernetes/read.ts';
import { Instance, Snapshot, VirtualMachineInstance, type Ami, type Volume } from '../../kubernetes/resources.ts';
import type { ReconcileContext } from '../../runtime/reconcile.ts';
import { isWantedBy } from '../volume/attachment.ts';
import { instanceOf, volumesAround } from '../volume/indexes.ts';
import { snapshotsAvailability } from './snapshots.ts';
import { failed, pending, type Availability } from './source.ts';

type Capture = NonNullable<AmiStatus['capture']>;

const NOT_IN_STATE = 'Client.IncorrectInstanceState';

/**
 * Of an image that is taken of an instance. What is to be done next stands in the status before it is done, so that a pass after a crash goes on where the
 * last one ended: the machine is stopped if its disks would not be consistent otherwise, the snapshots are cut, the machine is started again.
 */
export async function captureAvailability(ami: Ami, context: ReconcileContext): Promise<Availability> {
  const capture = ami.status?.capture;
  const mappings = ami.status?.blockDeviceMappings;
  if (capture === undefined || mappings === undefined) return planCapture(ami, context.read);
  const facts = { capture, blockDeviceMappings: mappings };
  const instance = instanceOf(capture.instanceId, ami.metadata.namespace, context.read);
  switch (capture.phase) {
    case 'stopping':
      return stop(ami, instance, facts, context);
    case 'cutting':
      return cut(ami, facts, context);
    case 'starting':
      return start(ami, instance, facts, context);
    case 'done': {
      const judged = snapshotsAvailability(mappings, ami, context.read);
      return { ...judged, facts: { ...judged.facts, capture } };
    }
    default:
      return capture.phase satisfies never;
  }
}

type Facts = { capture: Capture; blockDeviceMappings: BlockDeviceMapping[] };

/** Decides what is captured and how; the status remembers it, since the instance goes on changing. Pure. */
function planCapture(ami: Ami, read: Read): Availability {
  const source = ami.spec.source.instance;
  const reference = source?.instanceId ?? '';
  const instance = instanceOf(reference, ami.metadata.namespace, read);
  if (instance === undefined) return pending('InstanceNotFound', `instance ${reference} does not exist in this namespace`);
  const state = instance.status?.state;
  if (state === 'terminated' || state === 'shutting-down') return failed('InstanceTerminated', `instance ${reference} is ${state}`, NOT_IN_STATE);
  if (state !== 'running' && state !== 'stopped') return pending('InstanceNotReady', `instance ${reference} is ${state ?? 'not launched yet'}; it must be running or stopped`);
  const volumes = volumesOf(instance, read);
  const root = instance.status?.rootDeviceName;
  if (instance.status?.rootDeviceType === 'instance-store' || !volumes.some(({ spec }) => isSameDevice(spec.attachment?.device ?? '', root ?? ''))) {
    return failed('NoRootVolume', `instance ${reference} has no volume for a root; images are made of volumes`, 'Client.UnsupportedOperation');
  }
  const needsStop = state === 'running' && source?.noReboot !== true && !hasAgent(instance, read);
  const capture: Capture = { phase: needsStop ? 'stopping' : 'cutting', instanceId: ec2IdOf('i', instance), wasRunning: needsStop };
  const message = needsStop ? 'The instance is stopped for its disks to be consistent.' : 'The disks are cut.';
  return pending('Capturing', message, { facts: { capture, blockDeviceMappings: mappingsFor(ami, root ?? '', volumes, instance.spec.blockDeviceMappings) } });
}

/** Volumes that are attached to an instance, its root among them, by device name. Pure. */
function volumesOf(instance: Instance, read: Read): Volume[] {
  const deviceOf = ({ spec }: Volume): string => spec.attachment?.device ?? '';
  return volumesAround(instance, read)
    .filter((volume) => isWantedBy(instance, volume))
    .sort((left, right) => (deviceOf(left) < deviceOf(right) ? -1 : 1));
}

function hasAgent(instance: Instance, read: Read): boolean {
  const machine = read.get(VirtualMachineInstance, { namespace: instance.metadata.namespace, name: ec2IdOf('i', instance) });
  return (machine?.status?.conditions ?? []).some(({ type, status }) => type === 'AgentConnected' && status === 'True');
}

/**
 * Root first; what the image's own mappings say about a device changes it, `noDevice` leaves it out, and what they add comes last, after the instance store
 * volumes that the instance was launched with. Pure.
 */
function mappingsFor(ami: Ami, rootDeviceName: string, volumes: readonly Volume[], ofLaunch: readonly BlockDeviceMapping[] = []): BlockDeviceMapping[] {
  const own = ami.spec.blockDeviceMappings ?? [];
  const captured = volumes.flatMap((volume): BlockDeviceMapping[] => {
    const { device = '', deleteOnTermination = false } = volume.spec.attachment ?? {};
    const change = own.find(({ deviceName }) => isSameDevice(deviceName, device));
    if (change?.noDevice === true) return [];
    const { volumeType, iops, throughput, size } = volume.spec;
    const volumeSize = Math.max(volume.status?.size ?? 0, size ?? 0, change?.ebs?.volumeSize ?? 0);
    const kept = { volumeType, deleteOnTermination, ...(iops !== undefined && { iops }), ...(throughput !== undefined && { throughput }) };
    return [{ deviceName: device, ebs: { ...kept, ...change?.ebs, ...(volumeSize > 0 && { volumeSize }), snapshotId: snapshotNameFor(ami, device) } }];
  });
  const added = own.filter(({ deviceName, noDevice }) => noDevice !== true && !volumes.some(({ spec }) => isSameDevice(spec.attachment?.device ?? '', deviceName)));
  const isRoot = ({ deviceName }: BlockDeviceMapping): boolean => isSameDevice(deviceName, rootDeviceName);
  const isNamed = ({ deviceName }: BlockDeviceMapping): boolean => [...captured, ...own].some((mapping) => isSameDevice(mapping.deviceName, deviceName));
  const store = ofLaunch.filter((mapping) => mapping.virtualName !== undefined && !isNamed(mapping));
  return [...captured.filter(isRoot), ...captured.filter((mapping) => !isRoot(mapping)), ...store, ...added];
}

function snapshotNameFor({ metadata }: Ami, device: string): string {
  return ec2IdFrom('snap', `capture/${metadata.uid ?? ''}/${device.replace(/^\/dev\//, '')}`);
}

async function stop(ami: Ami, instance: Instance | undefined, facts: Facts, { write }: ReconcileContext): Promise<Availability> {
  const state = instance?.status?.state;
  if (instance === undefined || state === 'terminated' || state === 'shutting-down') {
    return failed('InstanceTerminated', `instance ${facts.capture.instanceId} was terminated before its disks were cut`, NOT_IN_STATE, { facts });
  }
  if (state === 'stopped') return pending('Capturing', 'The disks are cut.', { facts: { ...facts, capture: { ...facts.capture, phase: 'cutting' } } });
  if (instance.spec.powerState === 'running') {
    try {
      await setPower(instance, 'stopped', write);
    } catch (error) {
      if (!isForbidden(error) && !isInvalid(error)) throw error;
      return failed('StopRefused', `instance ${facts.capture.instanceId} cannot be stopped: ${error.message}`, NOT_IN_STATE, { facts: { ...facts, capture: { ...facts.capture, wasRunning: false } } });
    }
  }
  return pending('Capturing', 'The instance is stopped for its disks to be consistent.', { facts });
}

async function cut(ami: Ami, facts: Facts, { read, write }: ReconcileContext): Promise<Availability> {
  const wanted = snapshotsFor(ami, facts, read);
  const found = wanted.map(({ metadata }) => read.get(Snapshot, { namespace: metadata.namespace, name: metadata.name }));
  for (const [position, snapshot] of wanted.entries()) {
    if (found[position] !== undefined) continue;
    await write.create(Snapshot, snapshot).catch((error: unknown) => {
      if (!isAlreadyExists(error)) throw error; // an earlier pass made it, and the cache does not show it yet
    });
  }
  const judged = snapshotsAvailability(facts.blockDeviceMappings, ami, read);
  const isCut = found.every((snapshot) => snapshot?.status?.startTime !== undefined || snapshot?.status?.state === 'completed' || snapshot?.status?.state === 'error');
  const progress = judged.facts?.progress ?? 0;
  if (!isCut) return pending('Capturing', 'The disks are cut.', { facts: { ...facts, progress } });
  const phase = facts.capture.wasRunning ? ('starting' as const) : ('done' as const);
  return pending('Capturing', 'The disks are cut; the snapshots are being completed.', { facts: { ...facts, progress, capture: { ...facts.capture, phase } } });
}

async function start(ami: Ami, instance: Instance | undefined, facts: Facts, { write }: ReconcileContext): Promise<Availability> {
  if (instance !== undefined) await startAgain(instance, write);
  return pending('Capturing', 'The instance is started again.', { facts: { ...facts, capture: { ...facts.capture, phase: 'done' } } });
}

/** Starts an instance that was stopped for a capture, unless somebody has other plans for it by now. */
export async function startAgain(instance: Instance, write: ReconcileContext['write']): Promise<void> {
  if (instance.spec.powerState === 'stopped') await setPower(instance, 'running', write);
}

async function setPower({ metadata }: Instance, powerState: 'running' | 'stopped', write: ReconcileContext['write']): Promise<void> {
  await write.patch(Instance, { namespace: metadata.namespace, name: metadata.name }, { metadata: { resourceVersion: metadata.resourceVersion }, spec: { powerState } });
}

// They belong to nobody: whoever deregisters the image keeps the snapshots, as in EC2.
function snapshotsFor(ami: Ami, { capture, blockDeviceMappings }: Facts, read: Read): Snapshot[] {
  const instance = instanceOf(capture.instanceId, ami.metadata.namespace, read);
  const volumes = instance === undefined ? [] : volumesOf(instance, read);
  const captured = blockDeviceMappings.flatMap(({ deviceName, ebs }) => {
    const volume = volumes.find(({ spec }) => isSameDevice(spec.attachment?.device ?? '', deviceName));
    return volume !== undefined && ebs?.snapshotId === snapshotNameFor(ami, deviceName) ? [{ volumeId: ec2IdOf('vol', volume), name: ebs.snapshotId }] : [];
  });
  const imageId = ec2IdOf('ami', ami);
  return captured.map(({ volumeId, name }) => ({
    apiVersion: SnapshotDefinition.apiVersion,
    kind: SnapshotDefinition.kind,
    metadata: { name, ...(ami.metadata.namespace === undefined ? {} : { namespace: ami.metadata.namespace }) },
    spec: SnapshotDefinition.spec.parse({
      volumeId,
      description: `Created by CreateImage(${capture.instanceId}) for ${imageId}`,
      set: { name: imageId, size: captured.length },
      ...(ami.spec.snapshotTags === undefined ? {} : { tags: ami.spec.snapshotTags }),
    }),
  }));
}

import { AmiConditions, PENDING_CODE, type AmiStatus } from '../../api/compute/ami.ts';
import { ec2IdOf } from '../../api/ec2-id.ts';
import { hasEphemeralRoot, imageMappingsOf } from '../../api/compute/image-devices.ts';
import { isImport } from '../../api/compute/import-source.ts';
import type { Ami } from '../../kubernetes/resources.ts';
import { setCondition } from '../../runtime/conditions.ts';
import type { Outcome, ReconcileContext } from '../../runtime/reconcile.ts';
import { accountIdOfNamespace } from '../account-of-namespace.ts';
import { captureAvailability } from './capture.ts';
import { importAvailability } from './import.ts';
import { holdWhileStopped, release } from './hold-while-stopped.ts';
import { SNAPSHOT_NOT_FOUND, snapshotsAvailability } from './snapshots.ts';
import { VolumeSnapshot } from '../volume-snapshot.ts';
import { claimAvailability, containerDiskAvailability, disabled, volumeSnapshotAvailability, type Availability } from './source.ts';

async function availabilityOf(ami: Ami, context: ReconcileContext): Promise<Availability> {
  const { snapshot, instance } = ami.spec.source;
  if (instance !== undefined) return captureAvailability(ami, context);
  if (isImport(ami.spec.source)) return importAvailability(ami, context);
  const mappings = imageMappingsOf({ spec: ami.spec });
  if (snapshot !== undefined) return snapshotsAvailability(mappings, ami, context.read);
  const ofRoot = rootAvailability(ami, context);
  const hasSnapshots = mappings.some(({ ebs }) => ebs?.snapshotId !== undefined);
  return ofRoot.state === 'available' && hasSnapshots ? snapshotsAvailability(mappings, ami, context.read) : ofRoot;
}

/** Of a root disk that is no Snapshot. */
function rootAvailability(ami: Ami, { read }: ReconcileContext): Availability {
  const { persistentVolumeClaim, volumeSnapshot } = ami.spec.source;
  if (persistentVolumeClaim !== undefined) return claimAvailability(ami, persistentVolumeClaim.claimName, read);
  if (volumeSnapshot === undefined) return containerDiskAvailability;
  const key = { namespace: ami.metadata.namespace, name: volumeSnapshot.name };
  return volumeSnapshotAvailability(volumeSnapshot.name, read.get(VolumeSnapshot, key));
}

/** What of an earlier status stays while the image is disabled: it is still of the same snapshots. */
function keptFacts({ status }: Ami): NonNullable<Availability['facts']> {
  const { blockDeviceMappings, capture, importTask, progress } = status ?? {};
  return {
    ...(blockDeviceMappings === undefined ? {} : { blockDeviceMappings }),
    ...(capture === undefined ? {} : { capture }),
    ...(importTask === undefined ? {} : { importTask }),
    ...(progress === undefined ? {} : { progress }),
  };
}

/** EC2's code for why an image is not available. */
function codeOf({ state, reason }: Availability): string {
  if (reason.endsWith('NotFound') || reason === 'SourceLost') return SNAPSHOT_NOT_FOUND;
  return state === 'failed' ? 'Server.InternalError' : PENDING_CODE;
}

/** Makes an image so, where it is imported or taken of an instance, and tells whether instances can be launched from it. */
export async function reconcile(ami: Ami, context: ReconcileContext): Promise<Outcome<AmiStatus> | undefined> {
  if (ami.metadata.deletionTimestamp !== undefined) return release(ami, context);
  const held = await holdWhileStopped(ami, context);
  const isAtWork = held.spec.disabled && held.status?.capture?.phase !== 'done' && held.status?.capture !== undefined;
  const found = held.spec.disabled && !isAtWork ? { ...disabled, facts: keptFacts(held) } : await availabilityOf(held, context);
  const { state, reason, message, facts = {} } = found;
  const isAvailable = state === 'available';
  const observedGeneration = held.metadata.generation ?? 0;
  const claim = { type: AmiConditions.available, status: isAvailable ? ('True' as const) : ('False' as const), reason, message, observedGeneration };
  const ownerId = accountIdOfNamespace(held.metadata.namespace, context.read);
  const status: AmiStatus = {
    imageId: ec2IdOf('ami', held),
    state,
    ...(isAvailable || state === 'disabled' ? {} : { stateReason: { code: found.code ?? codeOf(found), message } }),
    ...(ownerId === undefined ? {} : { ownerId }),
    rootDeviceType: hasEphemeralRoot(held) ? 'instance-store' : 'ebs',
    ...facts,
    observedGeneration,
    conditions: setCondition(held.status?.conditions, claim, context.clock),
  };
  const hasTurned = held.status?.state !== state || (state === 'failed' && held.status.conditions?.[0]?.reason !== reason);
  const event = { type: state === 'failed' || (!isAvailable && reason.endsWith('NotFound')) ? ('Warning' as const) : ('Normal' as const), reason, message };
  return { status, events: hasTurned ? [event] : [] };
}

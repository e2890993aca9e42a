import { AmiConditions, type AmiStatus } from '../../api/ami.ts';
import { ec2IdOf } from '../../api/ec2-id.ts';
import type { Ami } from '../../kubernetes/resources.ts';
import { setCondition } from '../../runtime/conditions.ts';
import type { Outcome, ReconcileContext } from '../../runtime/reconcile.ts';
import { accountIdOfNamespace } from '../account-of-namespace.ts';
import { liveObject } from '../live-object.ts';
import { claimAvailability, containerDiskAvailability, disabled, snapshotAvailability, VolumeSnapshot, type Availability } from './source.ts';

/** How often a snapshot that is not ready is looked at again: no watch tells of it. */
const SNAPSHOT_POLL_SECONDS = 15;

async function availabilityOf(ami: Ami, { read, write }: ReconcileContext): Promise<Availability> {
  if (ami.spec.disabled) return disabled;
  const { persistentVolumeClaim, volumeSnapshot } = ami.spec.source;
  if (persistentVolumeClaim !== undefined) return claimAvailability(ami, persistentVolumeClaim.claimName, read);
  if (volumeSnapshot === undefined) return containerDiskAvailability;
  const key = { namespace: ami.metadata.namespace, name: volumeSnapshot.name };
  return snapshotAvailability(volumeSnapshot.name, await liveObject(VolumeSnapshot, key, write));
}

/** Tells whether instances can be launched from an image. Writes nothing but the status. */
export async function reconcile(ami: Ami, context: ReconcileContext): Promise<Outcome<AmiStatus>> {
  const { state, reason, message } = await availabilityOf(ami, context);
  const isAvailable = state === 'available';
  const observedGeneration = ami.metadata.generation ?? 0;
  const claim = { type: AmiConditions.available, status: isAvailable ? ('True' as const) : ('False' as const), reason, message, observedGeneration };
  const ownerId = accountIdOfNamespace(ami.metadata.namespace, context.read);
  const status: AmiStatus = {
    imageId: ec2IdOf('ami', ami),
    state,
    ...(isAvailable || state === 'disabled' ? {} : { stateReason: { code: 'Client.InvalidSnapshot.NotFound', message } }),
    ...(ownerId === undefined ? {} : { ownerId }),
    rootDeviceType: ami.spec.source.containerDisk === undefined ? 'ebs' : 'instance-store',
    observedGeneration,
    conditions: setCondition(ami.status?.conditions, claim, context.clock),
  };
  const hasTurned = ami.status?.state !== state;
  const event = { type: isAvailable ? ('Normal' as const) : ('Warning' as const), reason, message };
  const isPolled = !isAvailable && !ami.spec.disabled && ami.spec.source.volumeSnapshot !== undefined;
  return { status, events: hasTurned ? [event] : [], ...(isPolled ? { requeueAfterSeconds: SNAPSHOT_POLL_SECONDS } : {}) };
}

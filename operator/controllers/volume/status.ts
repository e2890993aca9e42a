import { ec2IdOf } from '../../api/ec2-id.ts';
import { VolumeConditions, type VolumeStatus } from '../../api/storage/volume.ts';
import { StorageClass, VirtualMachine, type PersistentVolumeClaim, type Volume } from '../../kubernetes/resources.ts';
import { isEncrypting } from '../../kubernetes/storage-class-choice.ts';
import { setCondition, withoutCondition, type ConditionClaim } from '../../runtime/conditions.ts';
import type { ReconcileContext } from '../../runtime/reconcile.ts';
import { attachmentFrom, objectionToAttachment } from './attachment.ts';
import { gibOfClaim } from './find-source.ts';
import { instanceOf, snapshotOf } from './indexes.ts';
import type { Objection } from './objection.ts';
import type { VolumeSettings } from './settings.ts';
import { zoneOfVolume } from './zone-of-volume.ts';

function facts(volume: Volume, { read }: ReconcileContext): VolumeStatus {
  const snapshot = volume.spec.snapshotId === undefined ? undefined : snapshotOf(volume.spec.snapshotId, volume.metadata.namespace, read);
  const snapshotId = volume.status?.snapshotId ?? (snapshot === undefined ? undefined : ec2IdOf('snap', snapshot));
  return {
    ...volume.status,
    volumeId: ec2IdOf('vol', volume),
    ...(snapshotId === undefined ? {} : { snapshotId }),
    observedGeneration: volume.metadata.generation ?? 0,
  };
}

/** Status of a volume whose claim cannot be made for now. */
export function statusWithout(volume: Volume, objection: Objection, context: ReconcileContext): VolumeStatus {
  const status: VolumeStatus = { ...facts(volume, context), state: objection.isFinal === true ? 'error' : 'creating' };
  return withConditions(volume, status, [{ type: VolumeConditions.available, status: 'False', reason: objection.reason, message: objection.message }], context);
}

function availableClaim(claim: PersistentVolumeClaim, storageClass: StorageClass | undefined): Omit<ConditionClaim, 'observedGeneration'> {
  const type = VolumeConditions.available;
  if (claim.status?.phase === 'Bound') return { type, status: 'True', reason: 'Bound', message: 'There is a disk.' };
  if (claim.status?.phase === 'Lost') return { type, status: 'False', reason: 'Lost', message: 'The PersistentVolume of the claim is gone.' };
  const provisioner = storageClass === undefined ? 'The provisioner' : `Provisioner ${storageClass.provisioner}`;
  return { type, status: 'False', reason: 'Provisioning', message: `${provisioner} has not made the disk yet; events of the PersistentVolumeClaim say why not.` };
}

function attachedClaim(volume: Volume, attachment: VolumeStatus['attachment'], { read }: ReconcileContext): Omit<ConditionClaim, 'observedGeneration'> | undefined {
  const type = VolumeConditions.attached;
  const wish = volume.spec.attachment;
  if (wish === undefined && attachment === undefined) return undefined;
  if (attachment?.state === 'attached') return { type, status: 'True', reason: 'Attached', message: `The instance has it as ${attachment.device}.` };
  if (attachment !== undefined && wish !== undefined && attachment.state === 'attaching') return { type, status: 'Unknown', reason: 'Attaching', message: 'The machine does not have the disk yet.' };
  if (wish === undefined) return { type, status: 'Unknown', reason: 'Detaching', message: 'The machine has the disk still; a root or boot disk goes when the instance is stopped.' };
  const instance = instanceOf(wish.instanceId, volume.metadata.namespace, read);
  const vm = instance && read.get(VirtualMachine, { namespace: volume.metadata.namespace, name: ec2IdOf('i', instance) });
  const objection = objectionToAttachment(volume, instance, vm, read);
  return { type, status: 'False', reason: objection?.reason ?? 'Detached', message: objection?.message ?? 'It is not attached.' };
}

/** Status of a volume that has its claim. */
export function statusOf(
  volume: Volume,
  claim: PersistentVolumeClaim,
  changes: Pick<VolumeStatus, 'applied' | 'modification'>,
  context: ReconcileContext,
  settings: VolumeSettings,
): VolumeStatus {
  const { read, clock } = context;
  const attachment = attachmentFrom(volume, read, clock);
  const storageClassName = claim.spec?.storageClassName;
  const storageClass = storageClassName === undefined ? undefined : read.get(StorageClass, { name: storageClassName });
  const zone = zoneOfVolume(volume, claim, read, settings);
  const { attachment: _former, ...recorded } = facts(volume, context);
  const hasDisk = claim.status?.phase === 'Bound';
  const status: VolumeStatus = {
    ...recorded,
    ...changes,
    state: attachment !== undefined ? 'in-use' : hasDisk ? 'available' : claim.status?.phase === 'Lost' ? 'error' : 'creating',
    size: gibOfClaim(claim),
    ...(zone === undefined ? {} : { availabilityZone: zone }),
    ...(storageClassName === undefined ? {} : { storageClassName }),
    encrypted: volume.status?.encrypted ?? (storageClass !== undefined && isEncrypting(storageClass)),
    ...(attachment === undefined ? {} : { attachment }),
  };
  const attached = attachedClaim(volume, attachment, context);
  const kept = attached === undefined ? { ...status, conditions: withoutCondition(status.conditions, VolumeConditions.attached) } : status;
  return withConditions(volume, kept, [availableClaim(claim, storageClass), ...(attached === undefined ? [] : [attached])], context);
}

function withConditions(volume: Volume, status: VolumeStatus, claims: readonly Omit<ConditionClaim, 'observedGeneration'>[], { clock }: ReconcileContext): VolumeStatus {
  const observedGeneration = volume.metadata.generation ?? 0;
  return { ...status, conditions: claims.reduce((list, claim) => setCondition(list, { ...claim, observedGeneration }, clock), status.conditions ?? []) };
}

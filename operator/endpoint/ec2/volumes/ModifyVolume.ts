import type { ModifyVolumeRequest, ModifyVolumeResult } from '@aws-sdk/client-ec2';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import { storageClassFor } from '../../../kubernetes/storage-class-choice.ts';
import { StorageClass, type Volume } from '../../../kubernetes/resources.ts';
import { AwsError } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { changeVolume, type VolumePatch } from './change-volume.ts';
import { requireVolume } from './find-volume.ts';
import { sdkModificationFrom, shownModificationOf } from './sdk-modification.ts';
import { shownSizeOf, shownVolumeStateOf } from './sdk-volume.ts';
import { shownAttachmentOf } from './shown-attachment.ts';
import { requireFitting, volumeTypeFrom } from '../../../api/storage/volume-limits.ts';

/**
 * Changes size, type, IOPS and throughput. The claim grows; the rest is recorded, as the StorageClass of a disk cannot change.
 * @throws AwsError InvalidVolume.NotFound, IncorrectState, IncorrectModificationState, InvalidParameterValue, InvalidParameterCombination, UnsupportedOperation
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyVolume.html
 */
export async function modifyVolume(input: ModifyVolumeRequest, context: OperationContext): Promise<ModifyVolumeResult> {
  const volume = requireVolume(input.VolumeId, context);
  if (input.MultiAttachEnabled) throw new AwsError('UnsupportedOperation', 'Multi-attach is not supported.');
  if ([input.Size, input.VolumeType, input.Iops, input.Throughput].every((value) => value === undefined)) {
    throw new AwsError('InvalidParameterCombination', 'The request must contain at least one of size, volumeType, iops and throughput.');
  }
  const changed = await changeVolume(volume, (current) => patchFor(input, current, context), context.write);
  const modification = shownModificationOf(changed, context.read);
  if (modification) return { VolumeModification: sdkModificationFrom(changed, modification) };
  throw new AwsError('InvalidParameterValue', `The volume '${ec2IdOf('vol', volume)}' is as the request asks for already.`);
}

function patchFor(input: ModifyVolumeRequest, volume: Volume, context: OperationContext): VolumePatch {
  requireModifiable(volume, context);
  const size = shownSizeOf(volume, context.read) ?? 0;
  const wanted = input.Size ?? Math.max(volume.spec.size ?? size, size);
  if (wanted < size) throw new AwsError('InvalidParameterValue', 'New size cannot be smaller than existing size');
  const volumeType = input.VolumeType === undefined ? volume.spec.volumeType : volumeTypeFrom(input.VolumeType);
  // Figures of the old type hold for the new one only where it takes such.
  const isSameType = volumeType === volume.spec.volumeType;
  const takesIops = ['gp3', 'io1', 'io2'].includes(volumeType);
  const iops = input.Iops ?? (isSameType || takesIops ? volume.spec.iops : undefined);
  const throughput = input.Throughput ?? (volumeType === 'gp3' ? volume.spec.throughput : undefined);
  requireFitting({ volumeType, iops: input.Iops ?? (takesIops ? iops : undefined), throughput }, wanted);
  requireSameClass(volume, volumeType, wanted > size, context);
  return { size: wanted, volumeType, iops: (takesIops ? iops : undefined) ?? null, throughput: throughput ?? null };
}

function requireModifiable(volume: Volume, { read }: OperationContext): void {
  const id = ec2IdOf('vol', volume);
  const state = shownVolumeStateOf(volume, shownAttachmentOf(volume, read));
  if (state !== 'available' && state !== 'in-use') throw new AwsError('IncorrectState', `The volume '${id}' is not in a state that can be modified: it is '${state}'.`);
  if (volume.status?.applied === undefined) throw new AwsError('IncorrectState', `The volume '${id}' has no disk yet.`);
  if (shownModificationOf(volume, read)?.state === 'modifying') throw new AwsError('IncorrectModificationState', `Volume ${id} is already being modified`);
}

function requireSameClass(volume: Volume, volumeType: Volume['spec']['volumeType'], grows: boolean, { read }: OperationContext): void {
  const name = volume.status?.storageClassName;
  const present = name === undefined ? undefined : read.get(StorageClass, { name });
  if (present === undefined) return;
  if (grows && present.allowVolumeExpansion !== true) {
    throw new AwsError('UnsupportedOperation', `Volumes of the StorageClass ${name ?? ''} cannot grow (allowVolumeExpansion).`);
  }
  if (volumeType === volume.spec.volumeType || volume.spec.storageClassName !== undefined) return;
  const [ofOld, ofNew] = [volume.spec.volumeType, volumeType].map((type) => storageClassFor({ volumeType: type, encrypted: volume.spec.encrypted }, read, undefined)?.metadata?.name);
  if (ofOld !== ofNew) throw new AwsError('UnsupportedOperation', `The volume type cannot change from ${volume.spec.volumeType} to ${volumeType}: they have different StorageClasses.`);
}

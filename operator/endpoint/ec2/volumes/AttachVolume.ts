import type { AttachVolumeRequest, VolumeAttachment } from '@aws-sdk/client-ec2';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import { isSameDevice, storeDiskAt } from '../../../api/compute/image-devices.ts';
import { DeviceName } from '../../../api/storage/volume.ts';
import { instanceStorageOfType } from '../../../kubernetes/instance-type-facts.ts';
import type { Instance, Volume } from '../../../kubernetes/resources.ts';
import { AwsError, invalidParameterValue, missingParameter } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { inTurn } from '../in-turn.ts';
import { volumesAround } from '../indexes.ts';
import { requireInstance } from '../instances/find-instances.ts';
import { amiOf } from '../instances/instance-references.ts';
import { shownStateOf } from '../instances/shown-state.ts';
import { changeVolume } from './change-volume.ts';
import { findVolume, requireVolume } from './find-volume.ts';
import { sdkAttachmentFrom, shownVolumeStateOf } from './sdk-volume.ts';
import { attachmentTo, shownAttachmentOf } from './shown-attachment.ts';

/**
 * Attaches a volume to a running or stopped instance. Attachments of one instance are judged one after another, so that no device is given twice.
 * @throws AwsError InvalidVolume.NotFound, InvalidInstanceID.NotFound, IncorrectState, VolumeInUse, InvalidParameterValue, InvalidVolume.ZoneMismatch
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AttachVolume.html
 */
export async function attachVolume(input: AttachVolumeRequest, context: OperationContext): Promise<VolumeAttachment> {
  const device = deviceFrom(input.Device);
  const volume = requireVolume(input.VolumeId, context);
  const instance = requireInstance(input.InstanceId ?? '', context);
  if (input.EbsCardIndex) throw new AwsError('UnsupportedOperation', 'EBS cards are not supported.');
  const instanceId = ec2IdOf('i', instance);
  return inTurn(`attachments/${instance.metadata.uid ?? instanceId}`, async () => {
    requireAttachable(instance);
    const current = findVolume(ec2IdOf('vol', volume), context) ?? volume;
    requireAvailable(current, context);
    requireSameZone(current, instance);
    requireFreeDevice(device, instance, context);
    const changed = await changeVolume(
      volume,
      (latest) => {
        requireAvailable(latest, context);
        return { attachment: { instanceId, device, deleteOnTermination: false } };
      },
      context.write,
    );
    const attachment = { instanceId, device, state: 'attaching' as const, deleteOnTermination: false, attachTime: new Date(context.clock.now()).toISOString() };
    return sdkAttachmentFrom(changed, attachment);
  });
}

function deviceFrom(device: string | undefined): string {
  if (!device) throw missingParameter('Device');
  if (DeviceName.safeParse(device).success) return device;
  throw invalidParameterValue('device', device, `${device} is not a valid EBS device name.`);
}

function requireAttachable(instance: Instance): void {
  const state = shownStateOf(instance);
  if (state === 'running' || state === 'stopped') return;
  throw new AwsError('IncorrectState', `Instance '${ec2IdOf('i', instance)}' is not 'running'.`);
}

function requireAvailable(volume: Volume, { read }: OperationContext): void {
  const id = ec2IdOf('vol', volume);
  const attachment = shownAttachmentOf(volume, read);
  if (attachment !== undefined) throw new AwsError('VolumeInUse', `${id} is already attached to an instance`);
  const state = shownVolumeStateOf(volume, attachment);
  if (state !== 'available') throw new AwsError('IncorrectState', `Volume '${id}' is not 'available': it is '${state}'.`);
}

function requireSameZone(volume: Volume, instance: Instance): void {
  const zone = volume.status?.availabilityZone ?? volume.spec.availabilityZone;
  const instanceZone = instance.status?.availabilityZone ?? instance.spec.placement.availabilityZone;
  if (zone === undefined || instanceZone === undefined || zone === instanceZone) return;
  throw new AwsError('InvalidVolume.ZoneMismatch', `The volume '${ec2IdOf('vol', volume)}' is not in the same availability zone as instance '${ec2IdOf('i', instance)}'`);
}

function requireFreeDevice(device: string, instance: Instance, { read }: OperationContext): void {
  const isTaken = volumesAround(instance, read).some((volume) => isSameDevice(attachmentTo(instance, volume)?.device ?? '', device));
  const storage = instanceStorageOfType(instance.status?.instanceType ?? instance.spec.instanceType, read);
  if (isTaken || storeDiskAt(device, instance, amiOf(instance, read), storage) !== undefined) {
    throw new AwsError('InvalidParameterValue', `Invalid value '${device}' for unixDevice. Attachment point ${device} is already in use`);
  }
}

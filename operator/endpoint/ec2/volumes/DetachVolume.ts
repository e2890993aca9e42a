import type { DetachVolumeRequest, VolumeAttachment } from '@aws-sdk/client-ec2';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import { isSameDevice } from '../../../api/compute/image-devices.ts';
import { AwsError } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { shownStateOf } from '../instances/shown-state.ts';
import { changeVolume } from './change-volume.ts';
import { requireVolume } from './find-volume.ts';
import { sdkAttachmentFrom } from './sdk-volume.ts';
import { instanceOfReference, shownAttachmentOf, type ShownAttachment } from './shown-attachment.ts';

/**
 * Detaches a volume; the root volume from a stopped instance only.
 * @throws AwsError InvalidVolume.NotFound, IncorrectState, InvalidAttachment.NotFound, OperationNotPermitted
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DetachVolume.html
 */
export async function detachVolume(input: DetachVolumeRequest, context: OperationContext): Promise<VolumeAttachment> {
  const volume = requireVolume(input.VolumeId, context);
  const attachment = shownAttachmentOf(volume, context.read);
  const id = ec2IdOf('vol', volume);
  if (attachment === undefined) throw new AwsError('IncorrectState', `Volume '${id}' is in the 'available' state.`);
  requireMeant(input, id, attachment);
  requireNotBooted(id, attachment, volume.metadata.namespace, context);
  const changed = await changeVolume(volume, ({ spec }) => (spec.attachment === undefined ? {} : { attachment: null }), context.write);
  return sdkAttachmentFrom(changed, { ...attachment, state: 'detaching' });
}

function requireMeant({ InstanceId, Device }: DetachVolumeRequest, id: string, { instanceId, device }: ShownAttachment): void {
  if (InstanceId && InstanceId !== instanceId) {
    throw new AwsError('InvalidAttachment.NotFound', `Volume '${id}' is not attached to instance '${InstanceId}'`);
  }
  if (Device && !isSameDevice(Device, device)) {
    throw new AwsError('InvalidAttachment.NotFound', `Volume '${id}' is not attached to instance '${instanceId}' as device ${Device}`);
  }
}

function requireNotBooted(id: string, { instanceId, device }: ShownAttachment, namespace: string | undefined, { read }: OperationContext): void {
  const instance = instanceOfReference(instanceId, namespace, read);
  if (instance === undefined || shownStateOf(instance) === 'stopped' || shownStateOf(instance) === 'terminated') return;
  if (!isSameDevice(instance.status?.rootDeviceName ?? '', device)) return;
  throw new AwsError('OperationNotPermitted', `Unable to detach root volume '${id}' from instance '${instanceId}'`);
}

import type { DeleteVolumeRequest } from '@aws-sdk/client-ec2';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import { isForbidden, isNotFound } from '../../../kubernetes/errors.ts';
import { Volume } from '../../../kubernetes/resources.ts';
import { AwsError } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { requireVolume } from './find-volume.ts';
import { shownAttachmentOf } from './shown-attachment.ts';

/**
 * Removes a volume that is not attached.
 * @throws AwsError InvalidVolume.NotFound, InvalidParameterValue, VolumeInUse
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteVolume.html
 */
export async function deleteVolume({ VolumeId }: DeleteVolumeRequest, context: OperationContext): Promise<void> {
  const volume = requireVolume(VolumeId, context);
  const id = ec2IdOf('vol', volume);
  const attachment = shownAttachmentOf(volume, context.read);
  if (attachment !== undefined) throw new AwsError('VolumeInUse', `Volume ${id} is currently attached to ${attachment.instanceId}`);
  const { namespace, name, uid } = volume.metadata;
  await context.write.remove(Volume, { namespace, name }, uid === undefined ? {} : { uid }).catch((error: unknown) => {
    // The admission rule for volumes in use saw an attachment that the cache does not show yet.
    if (isForbidden(error) && error.message.includes('detach')) throw new AwsError('VolumeInUse', `Volume ${id} is currently attached`, { cause: error });
    if (!isNotFound(error)) throw error; // already gone is what we want
  });
}

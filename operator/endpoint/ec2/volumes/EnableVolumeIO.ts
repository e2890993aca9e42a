import type { EnableVolumeIORequest } from '@aws-sdk/client-ec2';
import type { ReadOnlyContext } from '../../operation.ts';
import { requireVolume } from './find-volume.ts';

/**
 * Enables I/O, which is never disabled here.
 * @throws AwsError InvalidVolume.NotFound
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_EnableVolumeIO.html
 */
export async function enableVolumeIO({ VolumeId }: EnableVolumeIORequest, context: ReadOnlyContext): Promise<void> {
  requireVolume(VolumeId, context);
}

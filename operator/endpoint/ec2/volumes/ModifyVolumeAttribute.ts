import type { ModifyVolumeAttributeRequest } from '@aws-sdk/client-ec2';
import { AwsError } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { changeVolume } from './change-volume.ts';
import { requireVolume } from './find-volume.ts';

/**
 * Sets autoEnableIO, which is recorded: I/O is never disabled here.
 * @throws AwsError InvalidVolume.NotFound, InvalidParameterCombination
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyVolumeAttribute.html
 */
export async function modifyVolumeAttribute({ AutoEnableIO, VolumeId }: ModifyVolumeAttributeRequest, context: OperationContext): Promise<void> {
  const volume = requireVolume(VolumeId, context);
  const autoEnableIO = AutoEnableIO?.Value;
  if (autoEnableIO === undefined) throw new AwsError('InvalidParameterCombination', 'No attributes specified.');
  await changeVolume(volume, ({ spec }) => (spec.autoEnableIO === autoEnableIO ? {} : { autoEnableIO }), context.write);
}

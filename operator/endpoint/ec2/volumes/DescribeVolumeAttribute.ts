import type { DescribeVolumeAttributeRequest, DescribeVolumeAttributeResult } from '@aws-sdk/client-ec2';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import { invalidParameterValue } from '../../errors.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { requireVolume } from './find-volume.ts';

/**
 * Shows one attribute: autoEnableIO or productCodes.
 * @throws AwsError InvalidVolume.NotFound, InvalidParameterValue
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVolumeAttribute.html
 */
export async function describeVolumeAttribute({ Attribute, VolumeId }: DescribeVolumeAttributeRequest, context: ReadOnlyContext): Promise<DescribeVolumeAttributeResult> {
  const volume = requireVolume(VolumeId, context);
  const id = ec2IdOf('vol', volume);
  if (Attribute === 'autoEnableIO') return { VolumeId: id, AutoEnableIO: { Value: volume.spec.autoEnableIO } };
  if (Attribute === 'productCodes') return { VolumeId: id, ProductCodes: [] };
  throw invalidParameterValue('attribute', String(Attribute ?? ''), 'It must be autoEnableIO or productCodes.');
}

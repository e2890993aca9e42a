import type { EnableImageRequest, EnableImageResult } from '@aws-sdk/client-ec2';
import type { OperationContext } from '../../operation.ts';
import { changeImage, requireOwnImage } from './own-image.ts';

/**
 * Makes a disabled image available again; with whom it was shared before does not come back.
 * @throws AwsError InvalidAMIID.*, AuthFailure
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_EnableImage.html
 */
export async function enableImage(input: EnableImageRequest, context: OperationContext): Promise<EnableImageResult> {
  await changeImage(requireOwnImage(input.ImageId, context), ({ spec }) => (spec.disabled ? { disabled: false } : undefined), context.write);
  return { Return: true };
}

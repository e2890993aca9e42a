import type { DisableImageRequest, DisableImageResult } from '@aws-sdk/client-ec2';
import type { OperationContext } from '../../operation.ts';
import { changeImage, requireOwnImage } from './own-image.ts';

/**
 * Takes an image out of use: nothing can be launched from it until it is enabled, nobody else sees it, and all launch permissions are removed.
 * @throws AwsError InvalidAMIID.*, AuthFailure
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DisableImage.html
 */
export async function disableImage(input: DisableImageRequest, context: OperationContext): Promise<DisableImageResult> {
  await changeImage(
    requireOwnImage(input.ImageId, context),
    ({ spec }) => (spec.disabled ? undefined : { disabled: true, public: false, launchPermissionAccountIds: null }),
    context.write,
  );
  return { Return: true };
}

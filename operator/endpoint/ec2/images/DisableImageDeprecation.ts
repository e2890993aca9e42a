import type { DisableImageDeprecationRequest, DisableImageDeprecationResult } from '@aws-sdk/client-ec2';
import type { OperationContext } from '../../operation.ts';
import { changeImage, requireOwnImage } from './own-image.ts';

/**
 * Takes the time of deprecation away.
 * @throws AwsError InvalidAMIID.*, AuthFailure
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DisableImageDeprecation.html
 */
export async function disableImageDeprecation(input: DisableImageDeprecationRequest, context: OperationContext): Promise<DisableImageDeprecationResult> {
  await changeImage(
    requireOwnImage(input.ImageId, context),
    ({ spec }) => (spec.deprecationTime === undefined ? undefined : { deprecationTime: null }),
    context.write,
  );
  return { Return: true };
}

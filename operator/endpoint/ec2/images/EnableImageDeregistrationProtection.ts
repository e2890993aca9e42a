import type { EnableImageDeregistrationProtectionRequest, EnableImageDeregistrationProtectionResult } from '@aws-sdk/client-ec2';
import type { OperationContext } from '../../operation.ts';
import { changeImage, requireOwnImage } from './own-image.ts';

/**
 * Protects an image from being deregistered; with a cooldown it stays so for 24 hours after the protection is disabled.
 * @throws AwsError InvalidAMIID.*, AuthFailure
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_EnableImageDeregistrationProtection.html
 */
export async function enableImageDeregistrationProtection(
  input: EnableImageDeregistrationProtectionRequest,
  context: OperationContext,
): Promise<EnableImageDeregistrationProtectionResult> {
  const deregistrationProtection = input.WithCooldown ? 'enabled-with-cooldown' : 'enabled-without-cooldown';
  const image = requireOwnImage(input.ImageId, context);
  await changeImage(image, ({ spec }) => (spec.deregistrationProtection === deregistrationProtection ? undefined : { deregistrationProtection }), context.write);
  // A text, not a flag, says the model.
  return { Return: 'true' };
}

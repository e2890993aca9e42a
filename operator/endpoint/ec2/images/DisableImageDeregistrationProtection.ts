import type { DisableImageDeregistrationProtectionRequest, DisableImageDeregistrationProtectionResult } from '@aws-sdk/client-ec2';
import type { OperationContext } from '../../operation.ts';
import { changeImage, requireOwnImage } from './own-image.ts';

const COOLDOWN_MILLISECONDS = 24 * 3600 * 1000;

/**
 * Lets an image be deregistered again: at once, or in 24 hours if the protection was one with a cooldown.
 * @throws AwsError InvalidAMIID.*, AuthFailure
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DisableImageDeregistrationProtection.html
 */
export async function disableImageDeregistrationProtection(
  input: DisableImageDeregistrationProtectionRequest,
  context: OperationContext,
): Promise<DisableImageDeregistrationProtectionResult> {
  const { write, clock } = context;
  const protectedUntil = new Date(clock.now() + COOLDOWN_MILLISECONDS).toISOString();
  await changeImage(
    requireOwnImage(input.ImageId, context),
    ({ spec: { deregistrationProtection: former } }) => {
      if (former === 'disabled') return undefined;
      return { deregistrationProtection: 'disabled', ...(former === 'enabled-with-cooldown' && { deregistrationProtectedUntil: protectedUntil }) };
    },
    write,
  );
  return { Return: 'true' };
}

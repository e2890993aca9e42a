import type { EnableImageDeprecationRequest, EnableImageDeprecationResult } from '@aws-sdk/client-ec2';
import { AwsError } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { changeImage, requireOwnImage } from './own-image.ts';

const MINUTE_MILLISECONDS = 60_000;
const YEARS_AHEAD = { private: 10, public: 2 };

/**
 * Says when an image becomes deprecated: from then on others find it only if they ask for it. Seconds are rounded to the nearest minute.
 * @throws AwsError InvalidAMIID.*, AuthFailure, InvalidParameterValue - a time that has passed, or beyond 10 years (2 for a public image)
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_EnableImageDeprecation.html
 */
export async function enableImageDeprecation(input: EnableImageDeprecationRequest, context: OperationContext): Promise<EnableImageDeprecationResult> {
  const image = requireOwnImage(input.ImageId, context);
  const time = Math.round((input.DeprecateAt?.getTime() ?? NaN) / MINUTE_MILLISECONDS) * MINUTE_MILLISECONDS;
  const years = image.ami.spec.public ? YEARS_AHEAD.public : YEARS_AHEAD.private;
  const limit = new Date(context.clock.now());
  limit.setUTCFullYear(limit.getUTCFullYear() + years);
  if (!(time >= context.clock.now() - MINUTE_MILLISECONDS / 2 && time <= limit.getTime())) {
    throw new AwsError('InvalidParameterValue', `The value for parameter DeprecateAt is invalid. It must be in the future, and within ${years} years.`);
  }
  const deprecationTime = new Date(time).toISOString();
  await changeImage(image, ({ spec }) => (spec.deprecationTime === deprecationTime ? undefined : { deprecationTime }), context.write);
  return { Return: true };
}

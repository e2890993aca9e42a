import type { ResetImageAttributeRequest } from '@aws-sdk/client-ec2';
import { invalidParameterValue } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { changeImage, requireOwnImage } from './own-image.ts';

/**
 * Takes all launch permissions away: the one attribute that can be reset.
 * @throws AwsError InvalidAMIID.*, AuthFailure, InvalidParameterValue
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ResetImageAttribute.html
 */
export async function resetImageAttribute(input: ResetImageAttributeRequest, context: OperationContext): Promise<void> {
  if (input.Attribute !== 'launchPermission') throw invalidParameterValue('attribute', input.Attribute ?? '', 'Only launchPermission can be reset.');
  await changeImage(
    requireOwnImage(input.ImageId, context),
    ({ spec }) => (spec.public || spec.launchPermissionAccountIds?.length ? { public: false, launchPermissionAccountIds: null } : undefined),
    context.write,
  );
}

import type { ModifyImageAttributeRequest } from '@aws-sdk/client-ec2';
import type { Ami } from '../../../kubernetes/resources.ts';
import { AwsError } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { imageAttributeChangeFrom, type ImageAttributeChange } from './image-attribute-changes.ts';
import { changeImage, requireOwnImage, type ImagePatch } from './own-image.ts';

/** What the Ami resource takes. */
const ACCOUNTS_LIMIT = 1000;

/**
 * Changes one attribute: the description, who may launch the image, or that its instances need metadata tokens (which cannot be taken back).
 * @throws AwsError InvalidAMIID.*, AuthFailure, and those of image-attribute-changes.ts
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyImageAttribute.html
 */
export async function modifyImageAttribute(input: ModifyImageAttributeRequest, context: OperationContext): Promise<void> {
  const change = imageAttributeChangeFrom(input);
  const image = requireOwnImage(input.ImageId, context);
  await changeImage(image, (ami) => patchFor(change, ami, image.imageId), context.write);
}

function patchFor(change: ImageAttributeChange, ami: Ami, imageId: string): ImagePatch | undefined {
  switch (change.attribute) {
    case 'description':
      if (change.value === (ami.spec.description ?? '')) return undefined;
      return { description: change.value === '' ? null : change.value };
    case 'imdsSupport':
      return ami.spec.imdsSupport === change.value ? undefined : { imdsSupport: change.value };
    case 'launchPermission':
      return launchPermissionPatch(change, ami, imageId);
    default:
      return change satisfies never;
  }
}

function launchPermissionPatch({ add, remove }: Extract<ImageAttributeChange, { attribute: 'launchPermission' }>, { spec }: Ami, imageId: string): ImagePatch | undefined {
  if (spec.disabled) throw new AwsError('InvalidAMIID.Unavailable', `The image ID '${imageId}' is not available`);
  const former = spec.launchPermissionAccountIds ?? [];
  const accountIds = [...new Set([...former, ...add.accountIds])].filter((accountId) => !remove.accountIds.includes(accountId));
  if (accountIds.length > ACCOUNTS_LIMIT) throw new AwsError('ResourceLimitExceeded', `An image can be shared with ${ACCOUNTS_LIMIT} accounts at most.`);
  const isPublic = (spec.public || add.everybody) && !remove.everybody;
  const isSame = isPublic === spec.public && accountIds.length === former.length && accountIds.every((accountId) => former.includes(accountId));
  return isSame ? undefined : { public: isPublic, launchPermissionAccountIds: accountIds.length > 0 ? accountIds : null };
}

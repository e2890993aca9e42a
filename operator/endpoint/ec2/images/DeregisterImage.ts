import type { DeregisterImageRequest, DeregisterImageResult } from '@aws-sdk/client-ec2';
import { isForbidden, isNotFound } from '../../../kubernetes/errors.ts';
import { Ami } from '../../../kubernetes/resources.ts';
import { AwsError } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { deleteSnapshotsOf } from './delete-snapshots.ts';
import { imageNotFound, requireOwnImage } from './own-image.ts';

/**
 * Removes an image. Machines that were launched from it keep running; nothing can be launched from it any more. Its snapshots stay, unless the call asks
 * for their deletion too.
 * @throws AwsError InvalidAMIID.*, AuthFailure, OperationNotPermitted (deregistration protection)
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeregisterImage.html
 */
export async function deregisterImage(input: DeregisterImageRequest, context: OperationContext): Promise<DeregisterImageResult> {
  const { imageId, ami } = requireOwnImage(input.ImageId, context);
  if (isProtected(ami, context.clock.now())) throw deregistrationProtected(imageId);
  const { namespace, name, uid } = ami.metadata;
  await context.write.remove(Ami, { namespace, name }, uid === undefined ? {} : { uid }).catch((error: unknown) => {
    if (isNotFound(error)) throw imageNotFound(imageId, error);
    // Set after the look at the cache: the API server's own rule refuses too.
    if (isForbidden(error) && error.message.includes('protected from deregistration')) throw deregistrationProtected(imageId);
    throw error;
  });
  return { Return: true, DeleteSnapshotResults: input.DeleteAssociatedSnapshots ? await deleteSnapshotsOf(ami, context) : [] };
}

function isProtected({ spec }: Ami, now: number): boolean {
  if (spec.deregistrationProtection !== 'disabled') return true;
  return spec.deregistrationProtectedUntil !== undefined && Date.parse(spec.deregistrationProtectedUntil) > now;
}

function deregistrationProtected(imageId: string): AwsError {
  return new AwsError('OperationNotPermitted', `The image '${imageId}' is protected from deregistration. Disable its deregistration protection and try again.`);
}

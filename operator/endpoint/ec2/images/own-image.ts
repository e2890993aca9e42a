import { isConflict, isNotFound } from '../../../kubernetes/errors.ts';
import { Ami } from '../../../kubernetes/resources.ts';
import type { Json, Write } from '../../../kubernetes/write.ts';
import { AwsError } from '../../errors.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { IdKinds, requireOne } from '../ids.ts';
import { findVisibleImage, type VisibleImage } from './visible-images.ts';

/** Fields of the spec to set; null takes one away. */
export type ImagePatch = { [field: string]: Json | undefined };

const ATTEMPTS = 20;

/**
 * The image of this id, if it is the caller's own: only owners change an image or look into how it is shared.
 * @throws AwsError InvalidAMIID.Malformed, InvalidAMIID.NotFound, AuthFailure (a public or shared image of somebody else)
 */
export function requireOwnImage(imageId: string | undefined, { read, caller }: Pick<ReadOnlyContext, 'read' | 'caller'>): VisibleImage {
  const image = requireOne(IdKinds.image, imageId ?? '', (id) => findVisibleImage(read, caller, id));
  if (!image.isOwn) throw new AwsError('AuthFailure', `Not authorized for image:${image.imageId}`, { status: 403 });
  return image;
}

/**
 * Changes fields of an image's spec. `patchFor` gives the change for the image as it is, nothing if it is so already; after a lost race it is asked
 * again, so changes at the same time lose nothing to each other.
 * @throws AwsError InvalidAMIID.NotFound - if it went away meanwhile
 */
export async function changeImage({ imageId, ami }: VisibleImage, patchFor: (ami: Ami) => ImagePatch | undefined, write: Write): Promise<Ami> {
  const { namespace, name } = ami.metadata;
  const patch = (body: Json): Promise<Ami> => write.patch(Ami, { namespace, name }, body).catch((error: unknown) => {
    throw isNotFound(error) ? imageNotFound(imageId, error) : error;
  });
  let current = ami;
  for (let attempt = 1; ; attempt += 1) {
    const spec = patchFor(current);
    if (!spec) return current;
    try {
      return await patch({ metadata: { resourceVersion: current.metadata.resourceVersion }, spec });
    } catch (error) {
      if (!isConflict(error) || attempt >= ATTEMPTS) throw error;
    }
    // What the API server has now, which the cache may not show yet: an empty patch changes nothing.
    current = await patch({});
  }
}

/** EC2's answer where there is no such image. */
export function imageNotFound(imageId: string, cause?: unknown): AwsError {
  return new AwsError(IdKinds.image.notFoundCode, IdKinds.image.notFound([imageId]), { cause });
}

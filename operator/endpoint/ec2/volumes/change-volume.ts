import { ec2IdOf } from '../../../api/ec2-id.ts';
import { isConflict, isNotFound } from '../../../kubernetes/errors.ts';
import { Volume } from '../../../kubernetes/resources.ts';
import type { Json, Write } from '../../../kubernetes/write.ts';
import { AwsError } from '../../errors.ts';
import { IdKinds } from '../ids.ts';
import { inTurn } from '../in-turn.ts';

/** Enough for many callers at the same volume: of those that race one always wins. */
const ATTEMPTS = 50;

/** Fields of the spec to set; null takes one away. */
export type VolumePatch = { [field: string]: Json | undefined };

/**
 * Changes a volume's spec, computed from the volume as the API server has it, and again after a lost race, so that of calls at the same time none
 * undoes another. `patchFor` is pure and may refuse.
 * @throws AwsError InvalidVolume.NotFound - if it went away meanwhile; what `patchFor` throws
 */
export async function changeVolume(volume: Volume, patchFor: (current: Volume) => VolumePatch, write: Write): Promise<Volume> {
  const { namespace, name, uid = name } = volume.metadata;
  return inTurn(`volume/${uid}`, async () => {
    for (let attempt = 1; ; attempt += 1) {
      // An empty patch changes nothing and answers with what is there now.
      const current = await write.patch(Volume, { namespace, name }, {}).catch(notFound(volume));
      const patch = patchFor(current);
      if (Object.keys(patch).length === 0) return current;
      try {
        return await write.patch(Volume, { namespace, name }, { metadata: { resourceVersion: current.metadata.resourceVersion }, spec: patch });
      } catch (error) {
        if (!isConflict(error) || attempt >= ATTEMPTS) return notFound(volume)(error);
      }
    }
  });
}

function notFound(volume: Volume): (error: unknown) => never {
  return (error) => {
    if (!isNotFound(error)) throw error;
    throw new AwsError(IdKinds.volume.notFoundCode, IdKinds.volume.notFound([ec2IdOf('vol', volume)]), { cause: error });
  };
}

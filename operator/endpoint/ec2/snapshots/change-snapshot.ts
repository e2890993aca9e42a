import { ec2IdOf } from '../../../api/ec2-id.ts';
import { isConflict, isNotFound } from '../../../kubernetes/errors.ts';
import { Snapshot } from '../../../kubernetes/resources.ts';
import type { Json, Write } from '../../../kubernetes/write.ts';
import { AwsError } from '../../errors.ts';
import { IdKinds } from '../ids.ts';
import { inTurn } from '../in-turn.ts';

/** Enough for many callers at the same snapshot: of those that race one always wins. */
const ATTEMPTS = 50;

/**
 * Changes a snapshot's spec, computed from the snapshot as the API server has it, and again after a lost race.
 * @throws AwsError InvalidSnapshot.NotFound - if it went away meanwhile; what `patchFor` throws
 */
export async function changeSnapshot(snapshot: Snapshot, patchFor: (current: Snapshot) => { [field: string]: Json | undefined }, write: Write): Promise<void> {
  const { namespace, name, uid = name } = snapshot.metadata;
  await inTurn(`snapshot/${uid}`, async () => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        // An empty patch changes nothing and answers with what is there now.
        const current = await write.patch(Snapshot, { namespace, name }, {});
        return await write.patch(Snapshot, { namespace, name }, { metadata: { resourceVersion: current.metadata.resourceVersion }, spec: patchFor(current) });
      } catch (error) {
        if (isNotFound(error)) throw new AwsError(IdKinds.snapshot.notFoundCode, IdKinds.snapshot.notFound([ec2IdOf('snap', snapshot)]), { cause: error });
        if (!isConflict(error) || attempt >= ATTEMPTS) throw error;
      }
    }
  });
}

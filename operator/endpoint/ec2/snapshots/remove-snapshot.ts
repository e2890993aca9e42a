import { snapshotsOfImage } from '../../../api/compute/image-devices.ts';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import { delay } from '../../../kubernetes/clock.ts';
import { isForbidden } from '../../../kubernetes/errors.ts';
import { Snapshot, type Ami } from '../../../kubernetes/resources.ts';
import type { OperationContext } from '../../operation.ts';

/** How long the controllers may take to note that an image is gone. */
const WAIT_MILLISECONDS = 10_000;
const POLL_MILLISECONDS = 250;

/** Whether an image of the snapshot's namespace is made of it, under its name or its id. */
export function isMadeOf(ami: Ami, snapshot: Snapshot): boolean {
  const names = [snapshot.metadata.name, ec2IdOf('snap', snapshot)];
  return snapshotsOfImage(ami).some((reference) => names.includes(reference));
}

/** Whether the admission rule for snapshots in use refused. */
export function isInUse(error: unknown): boolean {
  return isForbidden(error) && error.message.includes('in use');
}

/**
 * Removes a snapshot that no image in the cache is made of. The admission rule goes by the snapshot's status, in which an image that was removed just now
 * stands for a moment longer: that is waited for.
 * @throws ApiError - NotFound, Forbidden (`isInUse` tells whether an image uses it)
 */
export async function removeSnapshot({ metadata: { namespace, name, uid } }: Snapshot, { write, clock }: OperationContext): Promise<void> {
  const end = clock.now() + WAIT_MILLISECONDS;
  for (;;) {
    try {
      return await write.remove(Snapshot, { namespace, name }, uid === undefined ? {} : { uid });
    } catch (error) {
      if (!isInUse(error) || clock.now() >= end) throw error;
      await delay(clock, POLL_MILLISECONDS);
    }
  }
}

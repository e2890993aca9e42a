import { ec2IdOf } from '../../api/ec2-id.ts';
import { VolumeConditions, type VolumeStatus } from '../../api/storage/volume.ts';
import { PersistentVolumeClaim, type Volume } from '../../kubernetes/resources.ts';
import { isTrue } from '../../runtime/conditions.ts';
import type { Outcome, ReconcileContext } from '../../runtime/reconcile.ts';
import { boundSnapshotNameOf, releaseForeignSnapshot } from './bind-foreign-snapshot.ts';
import { bearerOf, secondsLeftInSilence, secondsLeftToLaunch } from './born-with-instance.ts';
import { claimKeyOf, ensureClaim } from './claim.ts';
import { eventsFrom } from './events.ts';
import { holdFinalizer } from './finalizer.ts';
import { modify } from './modification.ts';
import { isObjection } from './objection.ts';
import { removeReleased, releaseFromLostInstance } from './release.ts';
import type { VolumeSettings } from './settings.ts';
import { statusOf, statusWithout } from './status.ts';
import { tearDown } from './tear-down.ts';

/** How often something is tried again that no watch tells of: a quota. */
const POLL_SECONDS = 10;

/** Makes a Volume so: has its claim made, grown and removed; the status tells where the disk is and what it is like. */
export async function reconcile(volume: Volume, context: ReconcileContext, settings: VolumeSettings): Promise<Outcome<VolumeStatus> | undefined> {
  if (volume.metadata.deletionTimestamp !== undefined) return tearDown(volume, context);
  if ((await removeReleased(volume, context)) || (await releaseFromLostInstance(volume, context))) return undefined;
  const held = await holdFinalizer(volume, context.write);
  const untilLaunched = context.read.get(PersistentVolumeClaim, claimKeyOf(held)) === undefined ? secondsLeftToLaunch(held, context) : undefined;
  if (untilLaunched !== undefined) return { status: held.status ?? {}, requeueAfterSeconds: untilLaunched };
  const isBorn = bearerOf(held, context.read) !== undefined;
  const claim = await ensureClaim(held, context, settings);
  if (isObjection(claim)) {
    const status = statusWithout(held, claim, context);
    return { status, events: eventsFrom(held.status, status, isBorn), ...(claim.isFinal === true ? {} : { requeueAfterSeconds: POLL_SECONDS }) };
  }
  const isBound = claim.status?.phase === 'Bound';
  const untilTold = isBound ? secondsLeftInSilence(held, context) : undefined;
  if (untilTold !== undefined) return { status: held.status ?? {}, requeueAfterSeconds: untilTold };
  if (isBound) await dropBorrowed(held, claim, context);
  const changes = isBound ? await modify(held, claim, context.write, context.clock) : {};
  const status = statusOf(held, claim, changes, context, settings);
  return { status, events: eventsFrom(held.status, status, isBorn) };
}

/** What was bound of another account's snapshot is needed until the disk is there; the condition that says so is written after this. */
async function dropBorrowed(volume: Volume, claim: PersistentVolumeClaim, { write }: ReconcileContext): Promise<void> {
  const name = boundSnapshotNameOf(ec2IdOf('vol', volume));
  if (claim.spec?.dataSource?.name !== name || isTrue(volume.status?.conditions, VolumeConditions.available)) return;
  await releaseForeignSnapshot(name, volume.metadata.namespace, write);
}

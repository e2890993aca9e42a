import { ec2IdOf } from '../../api/ec2-id.ts';
import { SNAPSHOT_FINALIZER, SnapshotConditions, type SnapshotStatus } from '../../api/storage/snapshot.ts';
import type { Clock } from '../../kubernetes/clock.ts';
import { Snapshot, type Volume } from '../../kubernetes/resources.ts';
import { setCondition } from '../../runtime/conditions.ts';
import type { Outcome, ReconcileContext } from '../../runtime/reconcile.ts';
import { accountIdOfNamespace } from '../account-of-namespace.ts';
import type { VolumeSnapshot } from '../volume-snapshot.ts';
import { boundSnapshotNameOf, releaseForeignSnapshot } from '../volume/bind-foreign-snapshot.ts';
import { gibOf } from '../volume/find-source.ts';
import { volumeOf } from '../volume/indexes.ts';
import { isObjection, type Objection } from '../volume/objection.ts';
import type { VolumeSettings } from '../volume/settings.ts';
import { csiKeyOf, csiSnapshotOf, cut } from './csi-snapshot.ts';
import { copyClaimNameOf, findClaim, type SnapshotSource } from './find-claim.ts';
import { FREEZE_SECONDS, freeze, isSetCut, unfreeze } from './freeze.ts';
import { imagesOf } from './indexes.ts';
import { removeCopyClaim, tearDown } from './tear-down.ts';

/** How long a CSI snapshot may say that it has failed before it counts as failed: its sidecar tries again. */
const PATIENCE_SECONDS = 60;
const SHORTEST_POLL_SECONDS = 0.5;
const LONGEST_POLL_SECONDS = 15;

/** Makes a Snapshot so: has the disk cut, with the guest held still where that can be, and removes what is left over. */
export async function reconcile(snapshot: Snapshot, context: ReconcileContext, settings: VolumeSettings): Promise<Outcome<SnapshotStatus> | undefined> {
  if (snapshot.metadata.deletionTimestamp !== undefined) return tearDown(snapshot, context);
  const held = await holdFinalizer(snapshot, context);
  const base = baseStatus(held, context);
  // What is completed never changes again, but for the images that are made of it.
  if (held.status?.state === 'completed' && held.status.frozenAt === undefined) return outcomeOf(held, { ...base, state: 'completed' }, 'Completed', 'Volumes can be made of it.', context);
  const present = csiSnapshotOf(held, context.read);
  if (present !== undefined) return observe(held, present, base, context);
  if (held.spec.source?.volumeSnapshot !== undefined) {
    return pending(held, base, { reason: 'SourceNotFound', message: `VolumeSnapshot ${csiKeyOf(held).name} does not exist in this namespace` }, context);
  }
  const source = await findClaim(held, context, settings);
  if (isObjection(source)) return pending(held, base, source, context);
  const frozenAt = await freeze(source.volume, context);
  const made = await cut(held, source.claimName, context.write);
  if (isObjection(made)) return pending(held, base, made, context);
  const status = { ...base, ...factsOf(source), state: 'pending' as const, progress: 0, ...(frozenAt === undefined ? {} : { frozenAt }) };
  return { ...outcomeOf(held, status, 'Cutting', 'The disk is being cut.', context), ...nextLook(status, undefined, context.clock) };
}

async function holdFinalizer(snapshot: Snapshot, { write }: ReconcileContext): Promise<Snapshot> {
  const { namespace, name, resourceVersion, finalizers = [] } = snapshot.metadata;
  if (finalizers.includes(SNAPSHOT_FINALIZER)) return snapshot;
  // The list is replaced whole, so it must be the one that we saw.
  return write.patch(Snapshot, { namespace, name }, { metadata: { resourceVersion, finalizers: [...finalizers, SNAPSHOT_FINALIZER] } });
}

function baseStatus(snapshot: Snapshot, { read }: ReconcileContext): SnapshotStatus {
  const { namespace } = snapshot.metadata;
  const { imageIds: _former, ...recorded } = snapshot.status ?? {};
  const imageIds = imagesOf(snapshot, read);
  const ownerId = accountIdOfNamespace(namespace, read);
  const volume = sourceVolumeOf(snapshot, read);
  const volumeId = recorded.volumeId ?? (volume === undefined ? undefined : ec2IdOf('vol', volume));
  return {
    ...recorded,
    snapshotId: ec2IdOf('snap', snapshot),
    ...(ownerId === undefined ? {} : { ownerId }),
    ...(volumeId === undefined ? {} : { volumeId }),
    observedGeneration: snapshot.metadata.generation ?? 0,
    ...(imageIds.length === 0 ? {} : { imageIds }),
  };
}

function sourceVolumeOf({ metadata, spec }: Snapshot, read: ReconcileContext['read']): Volume | undefined {
  return spec.volumeId === undefined ? undefined : volumeOf(spec.volumeId, metadata.namespace, read);
}

function factsOf({ GiB, encrypted, volumeMode }: SnapshotSource): SnapshotStatus {
  return { volumeSize: GiB, volumeMode, ...(encrypted === undefined ? {} : { encrypted }) };
}

/** When something is due that no watch tells of: the end of a freeze, the end of patience with a CSI snapshot that fails. */
function nextLook({ frozenAt, state }: SnapshotStatus, csi: VolumeSnapshot | undefined, clock: Clock): { requeueAfterSeconds?: number } {
  const until = (since: string | undefined, seconds: number): number[] => (since === undefined ? [] : [seconds - (clock.now() - Date.parse(since)) / 1000]);
  const isFailing = state === 'pending' && csi?.status?.error?.message !== undefined;
  const due = [...until(frozenAt, FREEZE_SECONDS), ...(isFailing ? until(csi.metadata?.creationTimestamp, PATIENCE_SECONDS) : [])];
  return due.length === 0 ? {} : { requeueAfterSeconds: Math.max(SHORTEST_POLL_SECONDS, Math.min(...due) + SHORTEST_POLL_SECONDS) };
}

/** When to try again what cannot be done for now: often at first. */
function pollSeconds(snapshot: Snapshot, clock: Clock): number {
  const age = (clock.now() - Date.parse(snapshot.metadata.creationTimestamp ?? new Date(clock.now()).toISOString())) / 1000;
  return Math.min(LONGEST_POLL_SECONDS, Math.max(SHORTEST_POLL_SECONDS, age / 8));
}

/** Nothing can be cut for now. */
function pending(snapshot: Snapshot, base: SnapshotStatus, objection: Objection, context: ReconcileContext): Outcome<SnapshotStatus> {
  const state = objection.isFinal === true ? 'error' : 'pending';
  const outcome = outcomeOf(snapshot, { ...base, state, progress: base.progress ?? 0, stateMessage: objection.message }, objection.reason, objection.message, context);
  return objection.isFinal === true ? outcome : { ...outcome, requeueAfterSeconds: pollSeconds(snapshot, context.clock) };
}

/** The CSI snapshot is there: how far it is. */
async function observe(snapshot: Snapshot, csi: VolumeSnapshot, base: SnapshotStatus, context: ReconcileContext): Promise<Outcome<SnapshotStatus>> {
  const { read, clock, write } = context;
  const volume = sourceVolumeOf(snapshot, read);
  const { creationTime, readyToUse, restoreSize, boundVolumeSnapshotContentName, error } = csi.status ?? {};
  const isCut = creationTime !== undefined;
  const frozenSeconds = base.frozenAt === undefined ? 0 : (clock.now() - Date.parse(base.frozenAt)) / 1000;
  const isThawed = base.frozenAt !== undefined && (frozenSeconds >= FREEZE_SECONDS || isSetCut(snapshot, isCut, read));
  if (isThawed) await unfreeze(volume, context);
  const { frozenAt, stateMessage: _message, ...rest } = base;
  const seen: SnapshotStatus = {
    ...rest,
    ...(frozenAt === undefined || isThawed ? {} : { frozenAt }),
    volumeSnapshotName: csiKeyOf(snapshot).name,
    ...(boundVolumeSnapshotContentName === undefined ? {} : { volumeSnapshotContentName: boundVolumeSnapshotContentName }),
    ...(restoreSize === undefined || rest.volumeSize !== undefined ? {} : { volumeSize: gibOf(restoreSize) }),
    ...(isCut ? { startTime: rest.startTime ?? creationTime, consistency: rest.consistency ?? (frozenAt !== undefined && frozenSeconds < FREEZE_SECONDS ? 'filesystem' : 'crash') } : {}),
  };
  if (readyToUse === true && isCut) {
    await removeCopyClaim(snapshot, copyClaimNameOf(snapshot), context);
    if (snapshot.spec.sourceSnapshotId !== undefined) await releaseForeignSnapshot(boundSnapshotNameOf(ec2IdOf('snap', snapshot)), snapshot.metadata.namespace, write);
    const status: SnapshotStatus = { ...seen, state: 'completed', progress: 100, completionTime: rest.completionTime ?? new Date(clock.now()).toISOString() };
    const outcome = outcomeOf(snapshot, status, 'Completed', 'Volumes can be made of it.', context);
    return { ...outcome, ...nextLook(status, csi, clock) };
  }
  const ageSeconds = (clock.now() - Date.parse(csi.metadata?.creationTimestamp ?? new Date(clock.now()).toISOString())) / 1000;
  const failure = error?.message;
  const isFailed = failure !== undefined && !isCut && ageSeconds > PATIENCE_SECONDS;
  const message = failure ?? (isCut ? 'The content is being kept.' : 'The disk is being cut.');
  const status: SnapshotStatus = { ...seen, state: isFailed ? 'error' : 'pending', progress: isCut ? 50 : 0, ...(failure === undefined ? {} : { stateMessage: failure }) };
  return { ...outcomeOf(snapshot, status, failure === undefined ? (isCut ? 'Keeping' : 'Cutting') : 'CutFailed', message, context), ...nextLook(status, csi, clock) };
}

function outcomeOf(snapshot: Snapshot, status: SnapshotStatus, reason: string, message: string, { clock }: ReconcileContext): Outcome<SnapshotStatus> {
  const observedGeneration = snapshot.metadata.generation ?? 0;
  const isCompleted = status.state === 'completed';
  const users = status.imageIds ?? [];
  const completed = setCondition(status.conditions, { type: SnapshotConditions.completed, status: isCompleted ? 'True' : 'False', reason, message, observedGeneration }, clock);
  const unused = { type: SnapshotConditions.unused, status: users.length === 0 ? ('True' as const) : ('False' as const), reason: users.length === 0 ? 'Unused' : 'InUse', observedGeneration };
  const conditions = setCondition(completed, { ...unused, message: users.length === 0 ? 'No image is made of it.' : `In use by ${users.join(', ')}.` }, clock);
  const before = snapshot.status?.conditions?.find(({ type }) => type === SnapshotConditions.completed)?.reason;
  const isQuiet = before === reason || ['Cutting', 'Keeping', 'SourcePending', 'SnapshotPending'].includes(reason);
  return { status: { ...status, conditions }, events: isQuiet ? [] : [{ type: isCompleted ? 'Normal' : 'Warning', reason, message }] };
}

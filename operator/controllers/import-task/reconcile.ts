import { ec2IdFrom, ec2IdOf } from '../../api/ec2-id.ts';
import { ImportTaskConditions, importTaskIdOf, type ImportTaskStatus } from '../../api/compute/import-task.ts';
import { SnapshotDefinition } from '../../api/storage/snapshot.ts';
import { isAlreadyExists, isForbidden, isInvalid, isNotFound } from '../../kubernetes/errors.ts';
import { Ami, type ImportTask, Snapshot } from '../../kubernetes/resources.ts';
import { setCondition } from '../../runtime/conditions.ts';
import type { Outcome, ReconcileContext } from '../../runtime/reconcile.ts';
import { DataVolume, dataVolumeFor, dataVolumeNameOf, progressFrom } from './data-volume.ts';
import { imageFor } from './image.ts';
import type { ImportSettings } from './settings.ts';
import { judgeSource } from './source-check.ts';

/** How often it is tried again where CDI was missing. */
const CDI_RETRY_SECONDS = 60;
/** How long a name that does not resolve is tried. */
const RESOLVE_MINUTES = 10;

/** How far a task is, before it is put into a status. */
interface Verdict {
  state: NonNullable<ImportTaskStatus['state']>;
  reason: string;
  message: string;
  progress?: number;
  snapshotId?: string;
  requeueAfterSeconds?: number;
}

/** Brings a disk image into a Snapshot: a DataVolume imports it, a snapshot is taken of its claim, and the DataVolume goes. Named by the task, so that a pass after a crash finds all of it. */
export async function reconcile(task: ImportTask, context: ReconcileContext, settings: ImportSettings): Promise<Outcome<ImportTaskStatus> | undefined> {
  // What belongs to it is removed with it; a snapshot that is there already stays.
  if (task.metadata.deletionTimestamp !== undefined) return undefined;
  const verdict = await verdictOf(task, context, settings);
  const imageId = verdict.state === 'completed' ? await imageOf(task, verdict.snapshotId ?? '', context) : undefined;
  return outcomeFrom(task, verdict, imageId, context);
}

async function verdictOf(task: ImportTask, context: ReconcileContext, settings: ImportSettings): Promise<Verdict> {
  const before = task.status;
  if (before?.state === 'completed') return { state: 'completed', ...completed, ...(before.snapshotId === undefined ? {} : { snapshotId: before.snapshotId }) };
  if (before?.state === 'failed' && reasonOf(task) !== 'CdiRequired') return { state: 'failed', reason: reasonOf(task), message: before.statusMessage ?? '' };
  if (task.spec.cancelled) return cancel(task, context);
  const snapshot = context.read.get(Snapshot, snapshotKeyOf(task));
  if (snapshot !== undefined) return finish(task, snapshot, context);
  const existing = context.read.get(DataVolume, dataVolumeKeyOf(task));
  if (existing !== undefined) return follow(task, existing, context);
  return begin(task, context, settings);
}

const completed = { reason: 'Completed', message: 'The disk image is in a snapshot.', progress: 100 };

async function begin(task: ImportTask, { write, clock }: ReconcileContext, settings: ImportSettings): Promise<Verdict> {
  const source = await judgeSource(task, settings);
  if (source.is === 'unresolved' && clock.now() - bornAt(task) < RESOLVE_MINUTES * 60_000) {
    return { state: 'active', reason: 'SourceUnresolved', message: `${source.message}; it is tried again`, requeueAfterSeconds: 15 };
  }
  if (source.is !== 'allowed') return { state: 'failed', reason: 'SourceRefused', message: `The source is refused: ${source.message}.` };
  try {
    const made = await write.create(DataVolume, dataVolumeFor(task, settings));
    return await checkedByCdi(task, made, write);
  } catch (error) {
    if (isNotFound(error)) {
      const message = "Imports need KubeVirt's Containerized Data Importer (CDI), which is not installed in this cluster.";
      return { state: 'failed', reason: 'CdiRequired', message, requeueAfterSeconds: CDI_RETRY_SECONDS };
    }
    if (isInvalid(error) || isForbidden(error)) return { state: 'failed', reason: 'ImportRefused', message: `The DataVolume cannot be made: ${error.message}` };
    if (!isAlreadyExists(error)) throw error; // an earlier pass made it; the name is ours alone
    return { state: 'active', reason: 'Importing', message: 'CDI: Pending' };
  }
}

/** A CDI that knows no checksums drops the field without a word: then nothing would be checked. */
async function checkedByCdi({ spec, metadata }: ImportTask, made: DataVolume, write: ReconcileContext['write']): Promise<Verdict> {
  const checksum = spec.source.http?.checksum;
  if (checksum === undefined || made.spec.source.http?.checksum === checksum) {
    return { state: 'active', reason: 'Importing', message: 'CDI: Pending', progress: 0 };
  }
  await write.remove(DataVolume, { namespace: metadata.namespace, name: made.metadata?.name ?? '' });
  return { state: 'failed', reason: 'ChecksumUnsupported', message: "This cluster's CDI does not check checksums: leave the checksum out, or use a container image with a digest." };
}

async function follow(task: ImportTask, dataVolume: DataVolume, { write, clock }: ReconcileContext): Promise<Verdict> {
  const { is, progress, message } = progressFrom(dataVolume);
  const secondsLeft = secondsForUpload(task, dataVolume, clock.now());
  const isOverdue = secondsLeft !== undefined && secondsLeft < 0;
  if (is === 'failed' || isOverdue) {
    await removeDataVolume(task, write);
    return { state: 'failed', reason: 'ImportFailed', message: isOverdue ? 'Nothing was uploaded in time.' : `The import failed: ${message}`, progress };
  }
  if (is === 'done') await write.create(Snapshot, snapshotFor(task)).catch(unlessExists);
  const next = secondsLeft === undefined ? {} : { requeueAfterSeconds: secondsLeft + 1 };
  return { state: 'active', reason: is === 'done' ? 'Snapshotting' : 'Importing', message, progress, ...next };
}

/** How long an upload that has not begun is still waited for. */
function secondsForUpload(task: ImportTask, { status }: DataVolume, now: number): number | undefined {
  const hours = task.spec.source.upload?.timeoutHours;
  return hours === undefined || status?.phase !== 'UploadReady' ? undefined : hours * 3600 - (now - bornAt(task)) / 1000;
}

async function finish(task: ImportTask, snapshot: Snapshot, { write }: ReconcileContext): Promise<Verdict> {
  const { state, stateMessage } = snapshot.status ?? {};
  if (state === 'error') return { state: 'failed', reason: 'SnapshotFailed', message: `The disk image is in claim ${dataVolumeNameOf(task)}, but no snapshot can be made of it: ${stateMessage ?? 'it failed'}` };
  if (state !== 'completed') return { state: 'active', reason: 'Snapshotting', message: 'A snapshot is made of the imported volume.', progress: 99 };
  await removeDataVolume(task, write);
  return { state: 'completed', ...completed, snapshotId: ec2IdOf('snap', snapshot) };
}

async function cancel(task: ImportTask, { write }: ReconcileContext): Promise<Verdict> {
  if (task.status?.state !== 'cancelled') await removeDataVolume(task, write);
  return { state: 'cancelled', reason: 'Cancelled', message: 'The import was cancelled.' };
}

async function removeDataVolume(task: ImportTask, write: ReconcileContext['write']): Promise<void> {
  await write.remove(DataVolume, dataVolumeKeyOf(task)).catch((error: unknown) => {
    if (!isNotFound(error)) throw error; // already gone is what we want
  });
}

function unlessExists(error: unknown): void {
  if (!isAlreadyExists(error)) throw error;
}

function snapshotKeyOf({ metadata }: ImportTask): { namespace: string | undefined; name: string } {
  return { namespace: metadata.namespace, name: ec2IdFrom('snap', `import/${metadata.uid ?? ''}`) };
}

function dataVolumeKeyOf(task: ImportTask): { namespace: string | undefined; name: string } {
  return { namespace: task.metadata.namespace, name: dataVolumeNameOf(task) };
}

function reasonOf({ status }: ImportTask): string {
  return status?.conditions?.[0]?.reason ?? '';
}

function bornAt({ metadata }: ImportTask): number {
  return Date.parse(metadata.creationTimestamp ?? '') || 0;
}

// It belongs to nobody: whoever removes the task or the image keeps the snapshot, as in EC2.
function snapshotFor(task: ImportTask): Snapshot {
  const { namespace, name } = snapshotKeyOf(task);
  const { description = `Imported by ${importTaskIdOf(task)}`, tags } = task.spec;
  return {
    apiVersion: SnapshotDefinition.apiVersion,
    kind: SnapshotDefinition.kind,
    metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
    spec: SnapshotDefinition.spec.parse({ source: { persistentVolumeClaim: { claimName: dataVolumeNameOf(task) } }, description, ...(tags === undefined ? {} : { tags }) }),
  };
}

/** The image of a completed task: made once, and not again after somebody deregistered it. */
async function imageOf(task: ImportTask, snapshotId: string, { write }: ReconcileContext): Promise<string | undefined> {
  if (task.spec.image === undefined) return undefined;
  if (task.status?.imageId !== undefined) return task.status.imageId;
  const ami = imageFor(task, snapshotId);
  await write.create(Ami, ami).catch(unlessExists);
  return ec2IdOf('ami', ami);
}

function outcomeFrom(task: ImportTask, verdict: Verdict, imageId: string | undefined, { clock }: ReconcileContext): Outcome<ImportTaskStatus> {
  const { state, reason, message, progress, snapshotId, requeueAfterSeconds } = verdict;
  const observedGeneration = task.metadata.generation ?? 0;
  const isOver = state !== 'active';
  const claim = { type: ImportTaskConditions.completed, status: state === 'completed' ? 'True' : isOver ? 'False' : 'Unknown', reason, message, observedGeneration } as const;
  const status: ImportTaskStatus = {
    taskId: importTaskIdOf(task),
    state,
    ...((progress ?? task.status?.progress) === undefined ? {} : { progress: progress ?? task.status?.progress }),
    statusMessage: message,
    ...(state === 'active' ? { dataVolumeName: dataVolumeNameOf(task) } : {}),
    ...(snapshotId === undefined ? {} : { snapshotId }),
    ...(imageId === undefined ? {} : { imageId }),
    observedGeneration,
    conditions: setCondition(task.status?.conditions, claim, clock),
  };
  const isNews = reasonOf(task) !== reason;
  const event = { type: state === 'failed' ? ('Warning' as const) : ('Normal' as const), reason, message };
  return { status, events: isNews ? [event] : [], ...(requeueAfterSeconds === undefined ? {} : { requeueAfterSeconds }) };
}

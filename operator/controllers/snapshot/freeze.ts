import { ec2IdOf } from '../../api/ec2-id.ts';
import type { Clock } from '../../kubernetes/clock.ts';
import { ApiError } from '../../kubernetes/errors.ts';
import type { ObjectKey, Read } from '../../kubernetes/read.ts';
import { VirtualMachineInstance, type Snapshot, type Volume } from '../../kubernetes/resources.ts';
import type { Write } from '../../kubernetes/write.ts';
import { instanceOf } from '../volume/indexes.ts';
import { setOf } from './indexes.ts';

/** After so long a guest that nobody lets go of thaws by itself. */
export const FREEZE_SECONDS = 60;

/** The run that has the volume, if its guest agent can hold the file systems still. */
function runOf(volume: Volume | undefined, read: Read): ObjectKey | undefined {
  const reference = volume?.spec.attachment?.instanceId;
  const namespace = volume?.metadata.namespace;
  const instance = reference === undefined ? undefined : instanceOf(reference, namespace, read);
  if (instance === undefined) return undefined;
  const key = { namespace, name: ec2IdOf('i', instance) };
  const vmi = read.get(VirtualMachineInstance, key);
  const hasAgent = (vmi?.status?.conditions ?? []).some(({ type, status }) => type === 'AgentConnected' && status === 'True');
  return vmi?.status?.phase === 'Running' && hasAgent ? key : undefined;
}

/** Has the guest hold its file systems still; answers with since when, if it does. A guest that will not is cut as it is. */
export async function freeze(volume: Volume | undefined, { read, write, clock }: { read: Read; write: Write; clock: Clock }): Promise<string | undefined> {
  const key = runOf(volume, read);
  if (key === undefined) return undefined;
  try {
    await write.putSubresource(VirtualMachineInstance, key, 'freeze', { unfreezeTimeout: `${FREEZE_SECONDS}s` });
    return new Date(clock.now()).toISOString();
  } catch (error) {
    if (error instanceof ApiError) return undefined; // no agent after all, an agent without the command, or a machine on its way
    throw error;
  }
}

/** Whether all snapshots of the set are cut; `cutUid` is the one that was just seen to be. */
export function isSetCut(snapshot: Snapshot, isCut: boolean, read: Read): boolean {
  if (!isCut) return false;
  const others = setOf(snapshot, read).filter(({ metadata }) => metadata.uid !== snapshot.metadata.uid);
  return others.length + 1 >= (snapshot.spec.set?.size ?? 1) && others.every(({ status }) => status?.startTime !== undefined || status?.state === 'error');
}

/** Lets the guest go on. */
export async function unfreeze(volume: Volume | undefined, { read, write }: { read: Read; write: Write }): Promise<void> {
  const key = runOf(volume, read);
  if (key === undefined) return;
  await write.putSubresource(VirtualMachineInstance, key, 'unfreeze', {}).catch((error: unknown) => {
    if (!(error instanceof ApiError)) throw error; // it thaws by itself in the end
  });
}

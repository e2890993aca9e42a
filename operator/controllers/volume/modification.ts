import type { VolumeStatus } from '../../api/storage/volume.ts';
import type { Clock } from '../../kubernetes/clock.ts';
import { isForbidden, isInvalid } from '../../kubernetes/errors.ts';
import { PersistentVolumeClaim, type Volume } from '../../kubernetes/resources.ts';
import type { Write } from '../../kubernetes/write.ts';
import { claimKeyOf } from './claim.ts';
import { gibOf } from './find-source.ts';

type Modification = NonNullable<VolumeStatus['modification']>;
type Performance = NonNullable<VolumeStatus['applied']>;

const now = (clock: Clock): string => `${new Date(clock.now()).toISOString().slice(0, 19)}Z`;

function defined(performance: { [Field in keyof Performance]: Performance[Field] | undefined }): Performance {
  return Object.fromEntries(Object.entries(performance).filter(([, value]) => value !== undefined));
}

/** What the spec asks for; `size` is that of the disk where the spec leaves it open. */
export function wishOf({ spec }: Volume, size: number): Performance {
  const { volumeType, iops, throughput } = spec;
  return defined({ size: Math.max(spec.size ?? size, size), volumeType, iops, throughput });
}

function isSame(one: Performance, other: Performance): boolean {
  return one.size === other.size && one.volumeType === other.volumeType && one.iops === other.iops && one.throughput === other.throughput;
}

/** Has the claim grow; answers with why it may not. */
async function grow(volume: Volume, claim: PersistentVolumeClaim, size: number, write: Write): Promise<string | undefined> {
  if (gibOf(claim.spec?.resources?.requests?.['storage']) >= size) return undefined;
  try {
    await write.patch(PersistentVolumeClaim, claimKeyOf(volume), { spec: { resources: { requests: { storage: `${size}Gi` } } } });
    return undefined;
  } catch (error) {
    if (isForbidden(error) || isInvalid(error)) return error.message;
    throw error;
  }
}

/** How far the claim of a modification is. */
function progressOf(modification: Modification, claim: PersistentVolumeClaim, clock: Clock): Modification {
  const size = modification.target.size ?? 0;
  if (gibOf(claim.status?.capacity?.['storage']) >= size) {
    if (modification.state === 'completed') return modification;
    return { ...modification, state: 'completed', progress: 100, endTime: now(clock) };
  }
  const isNodesTurn = (claim.status?.conditions ?? []).some(({ type, status }) => type === 'FileSystemResizePending' && status === 'True');
  return { ...modification, state: isNodesTurn ? 'optimizing' : 'modifying', progress: isNodesTurn ? 50 : 0 };
}

/**
 * Carries out changes of size, type, iops and throughput of a volume that has its disk. The last three are recorded; the size is that of the claim.
 * `applied` is what was last asked for; it differs from the spec only until a change is begun.
 */
export async function modify(volume: Volume, claim: PersistentVolumeClaim, write: Write, clock: Clock): Promise<Pick<VolumeStatus, 'applied' | 'modification'>> {
  const size = gibOf(claim.status?.capacity?.['storage']);
  const { applied, modification } = volume.status ?? {};
  const target = wishOf(volume, size);
  if (applied === undefined) return { applied: wishOf({ ...volume, spec: { ...volume.spec, size } }, size), ...(target.size === size ? {} : await begin(volume, claim, { size }, target, write, clock)) };
  if (isSame(applied, target) || (modification?.state === 'failed' && isSame(modification.target, target))) {
    if (modification === undefined || modification.state === 'failed') return { applied, ...(modification === undefined ? {} : { modification }) };
    return { applied, modification: progressOf(modification, claim, clock) };
  }
  return begin(volume, claim, applied, target, write, clock);
}

async function begin(
  volume: Volume,
  claim: PersistentVolumeClaim,
  original: Performance,
  target: Performance,
  write: Write,
  clock: Clock,
): Promise<Required<Pick<VolumeStatus, 'applied' | 'modification'>>> {
  const refusal = await grow(volume, claim, target.size ?? 0, write);
  const modification: Modification = { state: 'modifying', original, target, progress: 0, startTime: now(clock) };
  if (refusal !== undefined) return { applied: original, modification: { ...modification, state: 'failed', endTime: now(clock), statusMessage: refusal } };
  return { applied: target, modification: progressOf(modification, claim, clock) };
}

import { VolumeConditions, type VolumeStatus } from '../../api/storage/volume.ts';
import type { EventRecord } from '../../kubernetes/write.ts';

const reasonsOf = (status: VolumeStatus | undefined, type: string): string | undefined => status?.conditions?.find((condition) => condition.type === type)?.reason;

/** Tells what has turned. Of a volume that comes up with its instance only what goes wrong: the instance's events tell the rest. */
export function eventsFrom(before: VolumeStatus | undefined, after: VolumeStatus, isBornWithInstance: boolean): EventRecord[] {
  const events: EventRecord[] = [];
  for (const type of [VolumeConditions.available, VolumeConditions.attached]) {
    const condition = after.conditions?.find((candidate) => candidate.type === type);
    if (condition === undefined || reasonsOf(before, type) === condition.reason || condition.status === 'Unknown' || ['Provisioning', 'InstanceTerminated', 'Detached'].includes(condition.reason)) continue;
    if (isBornWithInstance && condition.status === 'True') continue;
    events.push({ type: condition.status === 'True' ? 'Normal' : 'Warning', reason: condition.reason, message: condition.message });
  }
  const modification = after.modification;
  if (modification !== undefined && modification.state !== before?.modification?.state && modification.state !== 'optimizing') {
    const isFailed = modification.state === 'failed';
    events.push({ type: isFailed ? 'Warning' : 'Normal', reason: `Modification${modification.state.charAt(0).toUpperCase()}${modification.state.slice(1)}`, message: modification.statusMessage ?? `The volume is to have ${modification.target.size ?? 0} GiB.` });
  }
  return events;
}

import { ec2IdOf } from '../../api/ec2-id.ts';
import type { Clock } from '../../kubernetes/clock.ts';
import type { Read } from '../../kubernetes/read.ts';
import { VirtualMachine, type Instance, type Volume } from '../../kubernetes/resources.ts';
import { machineKeyOf, volumeIdOf } from '../instance/identity.ts';
import { attachmentFrom } from './attachment.ts';
import { instanceOf } from './indexes.ts';

/** How long the launch of an instance, which makes the claims of its volumes itself, is left alone with them. */
const LAUNCH_SECONDS = 3;
/** How long the volumes of a launch may have a disk without a word: normally the machine has it by then, and both are told in one write. */
const QUIET_SECONDS = 10;

/** The instance whose launch made the volume: its id follows from that of the instance. Pure. */
export function bearerOf(volume: Volume, read: Read): Instance | undefined {
  const { attachment } = volume.spec;
  const instance = attachment && instanceOf(attachment.instanceId, volume.metadata.namespace, read);
  return instance !== undefined && attachment !== undefined && volumeIdOf(instance, attachment.device) === ec2IdOf('vol', volume) ? instance : undefined;
}

function secondsLeft({ metadata }: Volume, seconds: number, clock: Clock): number | undefined {
  const left = seconds - (clock.now() - Date.parse(metadata.creationTimestamp ?? '')) / 1000;
  return left > 0 && left <= seconds + 1 ? left : undefined;
}

/** Seconds until a volume of a launch that has no claim yet should be seen to; undefined if that is now. */
export function secondsLeftToLaunch(volume: Volume, { read, clock }: { read: Read; clock: Clock }): number | undefined {
  const instance = bearerOf(volume, read);
  if (instance === undefined || read.get(VirtualMachine, machineKeyOf(instance)) !== undefined) return undefined;
  return secondsLeft(volume, LAUNCH_SECONDS, clock);
}

/**
 * Seconds until a volume of a launch that has a disk should say so before its machine has it; undefined if that is now. That it is on its way to the machine
 * stands in the status by then: what is detached must be known to be there.
 */
export function secondsLeftInSilence(volume: Volume, { read, clock }: { read: Read; clock: Clock }): number | undefined {
  if (volume.status?.attachment?.state !== 'attaching' || bearerOf(volume, read) === undefined) return undefined;
  return attachmentFrom(volume, read, clock)?.state === 'attaching' ? secondsLeft(volume, QUIET_SECONDS, clock) : undefined;
}

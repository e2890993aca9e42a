import type { InstanceStatus } from '../../api/compute/instance.ts';
import type { Clock } from '../../kubernetes/clock.ts';
import { secondsUntilReset } from './reboot.ts';
import type { Objection } from './objection.ts';
import type { Seen } from './seen.ts';
import type { InstanceSettings } from './settings.ts';
import { ADDRESS_GRACE_SECONDS } from './situation.ts';
import { AGENT_GRACE_SECONDS } from './status-checks.ts';
import { secondsSince } from './times.ts';

/** How often something is tried again that no watch tells of: a Secret of the user's, a quota, an admission rule. */
const POLL_SECONDS = 10;
const polledReasons = ['UserDataNotFound', 'UserDataTooLarge', 'MachineRefused', 'VolumeRefused', 'SourceNotFound', 'SnapshotNotFound', 'SnapshotPending', 'StorageClassNotFound', 'ZoneNotFound'];

/** When to look again. */
export interface NextLook {
  requeueAfterSeconds?: number;
}

/** When to try again what was objected to: never, where a watch tells. */
export function pollFor(objection: Objection | undefined): NextLook {
  return objection !== undefined && polledReasons.includes(objection.reason) ? { requeueAfterSeconds: POLL_SECONDS } : {};
}

/** When to look again although nothing has happened: at the next deadline. Pure but for the clock. */
export function nextLookFrom(status: InstanceStatus, seen: Seen, clock: Clock, settings: InstanceSettings): NextLook {
  const { machine, secondsRunning, isAgentExpected, reboot, vmi, objection } = seen;
  const isProblem = machine.is === 'starting' && machine.problem !== undefined;
  const isAgentAwaited = status.state === 'running' && isAgentExpected && vmi !== undefined && secondsRunning < AGENT_GRACE_SECONDS;
  const delays = [
    pollFor(objection).requeueAfterSeconds,
    status.state === 'pending' && isProblem ? settings.launchDeadlineSeconds - secondsSince(status.pendingSince, clock) : undefined,
    status.state === 'pending' && machine.is === 'running' ? ADDRESS_GRACE_SECONDS - secondsRunning : undefined,
    isAgentAwaited ? AGENT_GRACE_SECONDS - secondsRunning : undefined,
    secondsUntilReset(reboot, clock, settings.rebootDeadlineSeconds),
  ].filter((seconds) => seconds !== undefined);
  return delays.length === 0 ? {} : { requeueAfterSeconds: Math.max(1, Math.min(...delays)) };
}

import { InstanceConditions, type InstanceStatus } from '../../api/compute/instance.ts';
import type { Condition } from '../../api/shared.ts';
import type { EventRecord } from '../../kubernetes/write.ts';
import { instanceInitiatedShutdown, userInitiatedShutdown } from './state-reason.ts';

function conditionOf(status: InstanceStatus | undefined, type: string): Condition | undefined {
  return status?.conditions?.find((condition) => condition.type === type);
}

/** The condition, if it has turned False or does so for another reason now. */
function turnedFalse(before: InstanceStatus | undefined, after: InstanceStatus, type: string): Condition | undefined {
  const condition = conditionOf(after, type);
  return condition?.status === 'False' && conditionOf(before, type)?.reason !== condition.reason ? condition : undefined;
}

const normal = (reason: string, message: string): EventRecord => ({ type: 'Normal', reason, message });
const warning = (reason: string, message: string): EventRecord => ({ type: 'Warning', reason, message });

function eventsOfEnd(after: InstanceStatus): EventRecord[] {
  const { code, message = '' } = after.stateReason ?? {};
  if (code === instanceInitiatedShutdown.code) return [normal('GuestPoweredOff', `The guest powered itself off; the instance is ${after.state}.`)];
  if (code !== undefined && code !== userInitiatedShutdown.code) return [warning('GaveUp', message)];
  return after.state === 'stopping' ? [normal('Stopping', 'The instance is stopping.')] : [];
}

/** That a machine was made KubeVirt tells, and that an instance was asked to end and is out its status: an event is a write, and most instances live a life without surprises. */
function eventsOfState(before: InstanceStatus | undefined, after: InstanceStatus): EventRecord[] {
  if (before?.state === after.state) return [];
  switch (after.state) {
    case 'running':
      return [normal('Running', `Runs on node ${after.nodeName ?? ''} with the address ${after.privateIpAddress ?? '(not known yet)'}.`)];
    case 'stopping':
    case 'shutting-down':
      return eventsOfEnd(after);
    case 'stopped':
      return [normal('Stopped', 'The machine is stopped.')];
    case 'pending':
      return before?.state === 'stopped' ? [normal('Starting', 'The machine is started.')] : [];
    case 'terminated':
    case undefined:
      return [];
    default:
      return after.state satisfies never;
  }
}

/** Reasons of the condition Ready that are a problem, and what the event is called. */
const problemEvents: Readonly<Record<string, string>> = {
  Unschedulable: 'PlacementFailed',
  ImagePullFailed: 'ImagePullFailed',
  VolumeNotFound: 'VolumeNotFound',
  CannotStart: 'CannotStart',
  StartFailed: 'StartFailed',
};

function eventsOfConditions(before: InstanceStatus | undefined, after: InstanceStatus): EventRecord[] {
  const notReady = turnedFalse(before, after, InstanceConditions.ready);
  const problem = problemEvents[notReady?.reason ?? ''];
  const notLaunchable = turnedFalse(before, after, InstanceConditions.launchable);
  const notStopped = turnedFalse(before, after, InstanceConditions.powerStateReached);
  const notWell = turnedFalse(before, after, InstanceConditions.instanceStatusOk);
  const root = after.rootDeviceType === 'instance-store' ? ' Its root disk is an instance store and begins anew.' : '';
  return [
    ...(notReady !== undefined && problem !== undefined ? [warning(problem, notReady.message)] : []),
    ...(notLaunchable === undefined ? [] : [warning(notLaunchable.reason, notLaunchable.message)]),
    ...(notStopped === undefined ? [] : [warning(notStopped.reason, notStopped.message)]),
    ...(notWell?.reason === 'Crashed' ? [warning('Crashed', `${notWell.message}${root}`)] : []),
  ];
}

function eventsOfReboot(before: InstanceStatus | undefined, after: InstanceStatus): EventRecord[] {
  const { reboot } = after;
  if (reboot === undefined || (before?.reboot?.phase === reboot.phase && before.reboot.requestedAt === reboot.requestedAt)) return [];
  switch (reboot.phase) {
    case 'SoftRebootSent':
      return [normal('Rebooting', 'The guest was asked to reboot.')];
    case 'Rebooted':
      return [normal('Rebooted', 'The guest has rebooted.')];
    case 'ResetSent':
      return [warning('Reset', 'The guest did not reboot by itself; the machine was reset.')];
    case 'Failed':
      return [warning('RebootFailed', 'Neither a reboot of the guest nor a reset of the machine could be asked for.')];
    default:
      return reboot.phase satisfies never;
  }
}

/** What has happened between two statuses: transitions only, so that a repeated pass tells nothing. Pure. */
export function eventsFrom(before: InstanceStatus | undefined, after: InstanceStatus): EventRecord[] {
  return [...eventsOfState(before, after), ...eventsOfConditions(before, after), ...eventsOfReboot(before, after)];
}

import type { Clock } from '../../kubernetes/clock.ts';
import type { Instance, VirtualMachine, VirtualMachineInstance } from '../../kubernetes/resources.ts';
import type { Machine } from './observe.ts';
import type { InstanceSettings } from './settings.ts';
import type { Situation } from './state.ts';
import { addressOf } from './seen.ts';
import { secondsSince } from './times.ts';

/** How long a running machine is waited for to have an address before the instance counts as running without one. */
export const ADDRESS_GRACE_SECONDS = 15;

/** Seconds since the guest runs; 0 if it does not. */
export function secondsRunningOf(vmi: VirtualMachineInstance | undefined, clock: Clock): number {
  const since = vmi?.status?.phaseTransitionTimestamps?.find(({ phase }) => phase === 'Running')?.phaseTransitionTimestamp;
  return secondsSince(since, clock);
}

/** Whether the root disk of a machine ends with its run. */
function isRootEphemeral(vm: VirtualMachine): boolean {
  return (vm.spec.template.spec?.volumes ?? []).some(({ name, containerDisk }) => name === 'root' && containerDisk !== undefined);
}

/** What the state of an instance is decided by. Pure but for the clock. */
export function situationFrom(
  { instance, vm, vmi, machine }: { instance: Instance; vm: VirtualMachine; vmi: VirtualMachineInstance | undefined; machine: Machine },
  clock: Clock,
  settings: InstanceSettings,
): Situation {
  const { spec, status = {} } = instance;
  return {
    recorded: status.state,
    recordedReason: status.stateReason,
    wish: spec.powerState === 'stopped' ? 'stopped' : 'running',
    machine,
    isAddressed: addressOf(vmi) !== undefined || secondsRunningOf(vmi, clock) >= ADDRESS_GRACE_SECONDS,
    hasBooted: status.hasBooted ?? false,
    startedFromStopped: status.startedFromStopped ?? false,
    isRootEphemeral: isRootEphemeral(vm),
    shutdownBehavior: spec.instanceInitiatedShutdownBehavior,
    isOverdue: status.pendingSince !== undefined && secondsSince(status.pendingSince, clock) >= settings.launchDeadlineSeconds,
  };
}

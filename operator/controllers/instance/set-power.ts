import { isConflict } from '../../kubernetes/errors.ts';
import { Instance, VirtualMachine, type VirtualMachineInstance } from '../../kubernetes/resources.ts';
import type { Write } from '../../kubernetes/write.ts';
import { machineKeyOf } from './identity.ts';
import { STOPPED_STRATEGY } from './observe.ts';
import type { Decision } from './state.ts';
import { userInitiatedShutdown } from './state-reason.ts';

/**
 * Makes the spec say what has become of the machine: after a power-off from within, or a start that was given up, `powerState: running` would start it
 * again. Only once the status says that it is on its way down, which is also what termination and stop protection then yield to.
 */
export async function adoptPowerState(instance: Instance, powerState: 'stopped' | 'terminated', write: Write): Promise<Instance> {
  if (instance.spec.powerState === powerState) return instance;
  const { namespace, name, resourceVersion } = instance.metadata;
  return write.patch(Instance, { namespace, name }, { metadata: { resourceVersion }, spec: { powerState } });
}

async function halt(instance: Instance, vm: VirtualMachine, isUserInitiated: boolean, write: Write): Promise<VirtualMachine> {
  if (vm.spec.runStrategy === STOPPED_STRATEGY) return vm;
  // What was concluded from the machine must be true of the machine that is written; what the user wishes is true of any.
  const metadata = isUserInitiated ? {} : { metadata: { resourceVersion: vm.metadata?.resourceVersion } };
  return write.patch(VirtualMachine, machineKeyOf(instance), { ...metadata, spec: { runStrategy: STOPPED_STRATEGY } });
}

/** Takes the guest's time to shut down away, if that was asked for since the last start. */
export async function cutPower(instance: Instance, vmi: VirtualMachineInstance | undefined, write: Write): Promise<void> {
  const { forceStopRequestedAt } = instance.spec;
  const launchTime = instance.status?.launchTime;
  if (forceStopRequestedAt === undefined || (launchTime !== undefined && Date.parse(forceStopRequestedAt) < Date.parse(launchTime))) return;
  const isFinal = ['Succeeded', 'Failed'].includes(vmi?.status?.phase ?? '');
  if (vmi === undefined || isFinal || vmi.spec.terminationGracePeriodSeconds === 0) return;
  await write.putSubresource(VirtualMachine, machineKeyOf(instance), 'stop', { gracePeriod: 0 }).catch((error: unknown) => {
    if (!isConflict(error)) throw error; // it has stopped meanwhile
  });
}

/** Carries out what was decided about a machine that should not run; a start is the machine's update (update-machine.ts). */
export async function haltMachine(
  instance: Instance,
  vm: VirtualMachine,
  vmi: VirtualMachineInstance | undefined,
  decision: Decision,
  write: Write,
): Promise<VirtualMachine> {
  if (decision.power !== 'halt') return vm;
  const isUserInitiated = decision.reason?.code === userInitiatedShutdown.code;
  if (!isUserInitiated && instance.spec.powerState === 'running') await adoptPowerState(instance, 'stopped', write);
  const halted = await halt(instance, vm, isUserInitiated, write);
  await cutPower(instance, vmi, write);
  return halted;
}

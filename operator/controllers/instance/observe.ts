import type { Condition } from '../../api/shared.ts';
import type { VirtualMachine, VirtualMachineInstance } from '../../kubernetes/resources.ts';
import type { Problem } from './state-reason.ts';

/** Run strategy of a machine that should run: a crash starts it again, a power-off from within does not. */
export const RUNNING_STRATEGY = 'RerunOnFailure';
/** Run strategy of a machine that should not run. */
export const STOPPED_STRATEGY = 'Halted';

/**
 * What a machine is seen to do, whatever should be:
 * - `deleting`: the VirtualMachine is on its way out
 * - `halting`: should not run, but something of it is still there; `halted`: nothing is
 * - `poweredOff`: should run, but the guest ended it
 * - `failed`: crashed or lost its node; KubeVirt starts it again
 * - `starting`: on its way up, or kept from it by `problem`
 * - `running`
 */
export type Machine =
  | { is: 'deleting' | 'halting' | 'halted' | 'poweredOff' | 'failed' | 'running' }
  | { is: 'starting'; problem?: Problem };

/** What conditions of KubeVirt's kinds have in common. */
interface KubevirtCondition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
}

/** A condition of a KubeVirt object by its type. */
export function conditionOf<C extends KubevirtCondition>(object: { status?: { conditions?: C[] } } | undefined, type: string): C | undefined {
  return object?.status?.conditions?.find((condition) => condition.type === type);
}

function isStartRequested(vm: VirtualMachine): boolean {
  return (vm.status?.stateChangeRequests ?? []).some((request) => request.action === 'Start');
}

const synchronizationProblems: Readonly<Record<string, Problem['kind']>> = {
  ErrImagePull: 'ImagePullFailed',
  ImagePullBackOff: 'ImagePullFailed',
  FailedPvcNotFound: 'VolumeNotFound',
};

function problemOfRun(vmi: VirtualMachineInstance): Problem | undefined {
  const scheduled = conditionOf(vmi, 'PodScheduled');
  if (scheduled?.status === 'False' && scheduled.reason === 'Unschedulable') {
    return { kind: 'Unschedulable', message: scheduled.message ?? 'No node fits.' };
  }
  const synchronized = conditionOf(vmi, 'Synchronized');
  if (synchronized?.status !== 'False') return undefined;
  const reason = synchronized.reason ?? '';
  return { kind: synchronizationProblems[reason] ?? 'CannotStart', message: synchronized.message ?? reason };
}

function problemWithoutRun(vm: VirtualMachine): Problem | undefined {
  const failure = conditionOf(vm, 'Failure');
  if (failure?.status === 'True') return { kind: 'CannotStart', message: failure.message ?? failure.reason ?? 'KubeVirt cannot make the machine.' };
  const failures = vm.status?.startFailure?.consecutiveFailCount ?? 0;
  if (failures > 0) return { kind: 'StartFailed', message: `${failures} times in a row.` };
  return undefined;
}

function starting(problem: Problem | undefined): Machine {
  return problem === undefined ? { is: 'starting' } : { is: 'starting', problem };
}

/**
 * KubeVirt's `Stopped` alone does not mean stopped: it is the default of a brand-new machine, it stands between two runs after a crash (with a
 * request to start), and it stands when the machine could not be made (with the condition Failure). `status.runStrategy` is empty until the first run.
 */
function isPoweredOff(vm: VirtualMachine): boolean {
  const { printableStatus, runStrategy } = vm.status ?? {};
  return printableStatus === 'Stopped' && runStrategy === vm.spec.runStrategy && conditionOf(vm, 'Failure')?.status !== 'True';
}

/** Reads KubeVirt's two objects as one claim. Pure. */
export function machineFrom(vm: VirtualMachine, vmi: VirtualMachineInstance | undefined): Machine {
  if (vm.metadata?.deletionTimestamp !== undefined) return { is: 'deleting' };
  if (vm.spec.runStrategy === STOPPED_STRATEGY) {
    // Until virt-controller has taken note of Halted, patching back would be lost on it.
    const isNoted = [undefined, '', STOPPED_STRATEGY].includes(vm.status?.runStrategy);
    return { is: vmi === undefined && isNoted && !isStartRequested(vm) ? 'halted' : 'halting' };
  }
  if (vmi?.status?.phase === 'Running') return { is: 'running' };
  if (isStartRequested(vm) || vmi?.status?.phase === 'Failed') {
    const problem = problemWithoutRun(vm);
    return problem === undefined ? { is: 'failed' } : { is: 'starting', problem };
  }
  if (vmi?.status?.phase === 'Succeeded') return { is: 'poweredOff' };
  if (vmi !== undefined) return starting(problemOfRun(vmi));
  if (isPoweredOff(vm)) return { is: 'poweredOff' };
  return starting(problemWithoutRun(vm));
}

/**
 * The same with the words of the first failure to pull an image: a kubelet says what is wrong only at each try, and in between that it backs off, which
 * would be a new status every few seconds. Pure.
 */
export function withSteadyProblem(machine: Machine, ready: Pick<Condition, 'reason' | 'message'> | undefined): Machine {
  if (machine.is !== 'starting' || machine.problem?.kind !== 'ImagePullFailed' || ready?.reason !== machine.problem.kind) return machine;
  return { is: 'starting', problem: { ...machine.problem, message: ready.message } };
}

import assert from 'node:assert/strict';
import { machineFrom, withSteadyProblem, type Machine } from '../../../../operator/controllers/instance/observe.ts';
import type { VirtualMachine, VirtualMachineInstance } from '../../../../operator/kubernetes/resources.ts';

type MachineOptions = NonNullable<VirtualMachine['status']> & { strategy?: string; isDeleting?: boolean };

function aMachine({ strategy = 'RerunOnFailure', isDeleting = false, ...status }: MachineOptions = {}): VirtualMachine {
  return {
    metadata: { name: 'i-1', ...(isDeleting ? { deletionTimestamp: '2026-01-01T00:00:00Z' } : {}) },
    spec: { runStrategy: strategy, template: { spec: { domain: { devices: {} } } } },
    status,
  };
}

function aRun(phase: string, conditions: NonNullable<VirtualMachineInstance['status']>['conditions'] = []): VirtualMachineInstance {
  return { metadata: { name: 'i-1' }, spec: { domain: { devices: {} } }, status: { phase, conditions } };
}

const start = [{ action: 'Start' }];
const cases: Record<string, { vm: VirtualMachine; vmi?: VirtualMachineInstance; want: Machine }> = {
  'a brand-new machine shows Stopped, but is starting': { vm: aMachine({ printableStatus: 'Stopped' }), want: { is: 'starting' } },
  'a machine without any status is starting': { vm: aMachine(), want: { is: 'starting' } },
  'Stopped after a crash, with a request to start, is failed': {
    vm: aMachine({ printableStatus: 'Stopped', runStrategy: 'RerunOnFailure', stateChangeRequests: start }),
    vmi: aRun('Failed'),
    want: { is: 'failed' },
  },
  'Stopped between two runs after a crash is failed': {
    vm: aMachine({ printableStatus: 'Stopped', runStrategy: 'RerunOnFailure', stateChangeRequests: start }),
    want: { is: 'failed' },
  },
  'Stopped with the condition Failure cannot start': {
    vm: aMachine({ printableStatus: 'Stopped', runStrategy: 'RerunOnFailure', conditions: [{ type: 'Failure', status: 'True', reason: 'FailedCreate', message: 'quota' }] }),
    want: { is: 'starting', problem: { kind: 'CannotStart', message: 'quota' } },
  },
  'Stopped, no run, strategy taken note of: powered off from within': { vm: aMachine({ printableStatus: 'Stopped', runStrategy: 'RerunOnFailure' }), want: { is: 'poweredOff' } },
  'a run that succeeded was powered off from within': { vm: aMachine({ printableStatus: 'Running', runStrategy: 'RerunOnFailure' }), vmi: aRun('Succeeded'), want: { is: 'poweredOff' } },
  'a start that virt-controller has not taken note of is starting': { vm: aMachine({ printableStatus: 'Stopped', runStrategy: 'Halted' }), want: { is: 'starting' } },
  'Halted without a run is halted': { vm: aMachine({ strategy: 'Halted', runStrategy: 'Halted', printableStatus: 'Stopped' }), want: { is: 'halted' } },
  'Halted from the start is halted': { vm: aMachine({ strategy: 'Halted' }), want: { is: 'halted' } },
  'Halted with a run is halting': { vm: aMachine({ strategy: 'Halted', runStrategy: 'Halted' }), vmi: aRun('Running'), want: { is: 'halting' } },
  'Halted that virt-controller has not taken note of is halting': { vm: aMachine({ strategy: 'Halted', runStrategy: 'RerunOnFailure' }), want: { is: 'halting' } },
  'a run in phase Running is running': { vm: aMachine({ printableStatus: 'Running' }), vmi: aRun('Running'), want: { is: 'running' } },
  'a paused machine is running': { vm: aMachine({ printableStatus: 'Paused' }), vmi: aRun('Running', [{ type: 'Paused', status: 'True' }]), want: { is: 'running' } },
  'a machine being deleted is deleting': { vm: aMachine({ isDeleting: true }), vmi: aRun('Running'), want: { is: 'deleting' } },
  'no node': {
    vm: aMachine({ printableStatus: 'ErrorUnschedulable' }),
    vmi: aRun('Scheduling', [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/3' }]),
    want: { is: 'starting', problem: { kind: 'Unschedulable', message: '0/3' } },
  },
  'no image': {
    vm: aMachine({ printableStatus: 'ImagePullBackOff' }),
    vmi: aRun('Scheduling', [{ type: 'Synchronized', status: 'False', reason: 'ImagePullBackOff', message: 'back-off' }]),
    want: { is: 'starting', problem: { kind: 'ImagePullFailed', message: 'back-off' } },
  },
  'no claim': {
    vm: aMachine({ printableStatus: 'ErrorPvcNotFound' }),
    vmi: aRun('Pending', [{ type: 'Synchronized', status: 'False', reason: 'FailedPvcNotFound', message: 'PVC x not found' }]),
    want: { is: 'starting', problem: { kind: 'VolumeNotFound', message: 'PVC x not found' } },
  },
  'failing again and again': {
    vm: aMachine({ printableStatus: 'CrashLoopBackOff', runStrategy: 'RerunOnFailure', startFailure: { consecutiveFailCount: 3 } }),
    want: { is: 'starting', problem: { kind: 'StartFailed', message: '3 times in a row.' } },
  },
};

describe('what a machine is seen to do', () => {
  for (const [name, { vm, vmi, want }] of Object.entries(cases)) it(name, () => assert.deepEqual(machineFrom(vm, vmi), want));

  it('a failing image pull keeps the words of its first failure', () => {
    const backOff: Machine = { is: 'starting', problem: { kind: 'ImagePullFailed', message: 'back-off' } };
    assert.deepEqual(withSteadyProblem(backOff, { reason: 'ImagePullFailed', message: 'no such host' }), {
      is: 'starting',
      problem: { kind: 'ImagePullFailed', message: 'no such host' },
    });
    assert.deepEqual(withSteadyProblem(backOff, { reason: 'Starting', message: 'x' }), backOff);
  });
});

import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { InstanceStateName } from '../../../../operator/api/compute/instance.ts';
import { decisionFrom, type Decision, type Situation } from '../../../../operator/controllers/instance/state.ts';
import { instanceInitiatedShutdown, stateReasonFrom, userInitiatedShutdown } from '../../../../operator/controllers/instance/state-reason.ts';

const usual: Situation = {
  recorded: 'running',
  recordedReason: undefined,
  wish: 'running',
  machine: { is: 'running' },
  isAddressed: true,
  hasBooted: true,
  startedFromStopped: false,
  isRootEphemeral: false,
  shutdownBehavior: 'stop',
  isOverdue: false,
};
const full = { kind: 'Unschedulable', message: '0/3 nodes are available' } as const;
const noCapacity = stateReasonFrom(full);
const starting = { is: 'starting' } as const;
const stuck = { is: 'starting', problem: full } as const;
const launching = { recorded: 'pending', hasBooted: false } as const;

const cases: Record<string, { given: Partial<Situation>; want: Decision }> = {
  'a machine just made is pending': { given: { recorded: undefined, hasBooted: false, machine: starting }, want: { state: 'pending', reason: undefined } },
  'a machine that runs and has an address is running': { given: launching, want: { state: 'running' } },
  'a machine that runs without an address yet is still pending': { given: { ...launching, isAddressed: false }, want: { state: 'pending', reason: undefined } },
  'a machine that finds no node is pending, with the reason': { given: { ...launching, machine: stuck }, want: { state: 'pending', reason: noCapacity } },
  'a launch that finds no node in time is given up': { given: { ...launching, machine: stuck, isOverdue: true }, want: { state: 'shutting-down', reason: noCapacity } },
  'a start that finds no node in time goes back to stopped': {
    given: { ...launching, machine: stuck, isOverdue: true, startedFromStopped: true },
    want: { state: 'stopping', reason: noCapacity },
  },
  'a slow launch without a problem is never given up': { given: { ...launching, machine: starting, isOverdue: true }, want: { state: 'pending', reason: undefined } },

  'a stop halts the machine': { given: { wish: 'stopped' }, want: { state: 'stopping', reason: userInitiatedShutdown, power: 'halt' } },
  'a stop while pending halts the machine': { given: { ...launching, wish: 'stopped', machine: starting }, want: { state: 'stopping', reason: userInitiatedShutdown, power: 'halt' } },
  'a machine that is halting is stopping': {
    given: { recorded: 'stopping', recordedReason: userInitiatedShutdown, wish: 'stopped', machine: { is: 'halting' } },
    want: { state: 'stopping', reason: userInitiatedShutdown, power: 'halt' },
  },
  'a halted machine is stopped, and keeps the reason': {
    given: { recorded: 'stopping', recordedReason: instanceInitiatedShutdown, wish: 'stopped', machine: { is: 'halted' } },
    want: { state: 'stopped', reason: instanceInitiatedShutdown },
  },
  'a stop is finished although a start is wished meanwhile': {
    given: { recorded: 'stopping', recordedReason: userInitiatedShutdown, machine: { is: 'halting' } },
    want: { state: 'stopping', reason: userInitiatedShutdown, power: 'halt' },
  },
  'an instance-store root is not stopped': { given: { wish: 'stopped', isRootEphemeral: true }, want: { state: 'running' } },
  'an instance-store root that has not booted may be stopped': {
    given: { ...launching, wish: 'stopped', isRootEphemeral: true, machine: starting },
    want: { state: 'stopping', reason: userInitiatedShutdown, power: 'halt' },
  },
  'an instance made stopped is stopped without ever running': {
    given: { recorded: undefined, hasBooted: false, wish: 'stopped', machine: { is: 'halted' } },
    want: { state: 'stopped', reason: userInitiatedShutdown },
  },

  'a start of a stopped instance starts the machine': { given: { recorded: 'stopped', machine: { is: 'halted' } }, want: { state: 'pending', power: 'start' } },
  'a start waits until the machine is seen halted': {
    given: { recorded: 'stopped', recordedReason: userInitiatedShutdown, machine: { is: 'halting' } },
    want: { state: 'stopped', reason: userInitiatedShutdown },
  },
  'a start that a crash kept from being written down is pending, not running': { given: { recorded: 'stopped' }, want: { state: 'pending' } },
  'a stopped machine that somebody starts past us is halted': {
    given: { recorded: 'stopped', recordedReason: userInitiatedShutdown, wish: 'stopped' },
    want: { state: 'stopped', reason: userInitiatedShutdown, power: 'halt' },
  },
  'a running machine that somebody halts past us is started': { given: { machine: { is: 'halted' } }, want: { state: 'running', power: 'start' } },

  'a power-off from within stops the instance': { given: { machine: { is: 'poweredOff' } }, want: { state: 'stopping', reason: instanceInitiatedShutdown } },
  'a power-off from within terminates where the instance says so': {
    given: { machine: { is: 'poweredOff' }, shutdownBehavior: 'terminate' },
    want: { state: 'shutting-down', reason: instanceInitiatedShutdown },
  },
  'a power-off terminates an instance-store root, whatever the instance says': {
    given: { machine: { is: 'poweredOff' }, isRootEphemeral: true },
    want: { state: 'shutting-down', reason: instanceInitiatedShutdown },
  },
  'a power-off before we saw it running counts too': { given: { ...launching, machine: { is: 'poweredOff' } }, want: { state: 'stopping', reason: instanceInitiatedShutdown } },
  'a crash leaves the instance running': { given: { machine: { is: 'failed' } }, want: { state: 'running' } },
  'a crash whose restart finds no node leaves the instance running, however long': { given: { machine: stuck, isOverdue: true }, want: { state: 'running' } },
  'a machine that somebody deletes is shutting down': { given: { machine: { is: 'deleting' } }, want: { state: 'shutting-down', reason: userInitiatedShutdown } },
};

/** What may follow what, by EC2's picture of the life of an instance. */
const successors: Record<InstanceStateName | 'new', readonly InstanceStateName[]> = {
  new: ['pending', 'running', 'stopped', 'stopping', 'shutting-down'],
  pending: ['pending', 'running', 'stopping', 'stopped', 'shutting-down'],
  running: ['running', 'stopping', 'shutting-down'],
  stopping: ['stopping', 'stopped', 'shutting-down'],
  stopped: ['stopped', 'pending', 'shutting-down'],
  'shutting-down': [],
  terminated: [],
};

describe('state of an instance', () => {
  for (const [name, { given, want }] of Object.entries(cases)) it(name, () => assert.deepEqual(decisionFrom({ ...usual, ...given }), want));

  it('always has an answer, and only one that EC2 has after the recorded state', () => {
    const situations = fc.record<Situation>({
      recorded: fc.constantFrom(undefined, 'pending', 'running', 'stopping', 'stopped'),
      recordedReason: fc.constantFrom(undefined, userInitiatedShutdown, instanceInitiatedShutdown),
      wish: fc.constantFrom('running', 'stopped'),
      machine: fc.constantFrom(...(['deleting', 'halting', 'halted', 'poweredOff', 'failed', 'running'] as const).map((is) => ({ is })), starting, stuck),
      isAddressed: fc.boolean(),
      hasBooted: fc.boolean(),
      startedFromStopped: fc.boolean(),
      isRootEphemeral: fc.boolean(),
      shutdownBehavior: fc.constantFrom('stop', 'terminate'),
      isOverdue: fc.boolean(),
    });
    fc.assert(
      fc.property(situations, (situation) => {
        const { state } = decisionFrom(situation);
        assert.ok(successors[situation.recorded ?? 'new'].includes(state), `${situation.recorded ?? 'new'} -> ${state}`);
      }),
      { numRuns: 3000, seed: 1 },
    );
  });

  it('never halts a machine with an instance-store root that has booted and should run', () => {
    for (const machine of [starting, stuck, { is: 'running' }, { is: 'failed' }, { is: 'halting' }] as const) {
      assert.notEqual(decisionFrom({ ...usual, isRootEphemeral: true, machine }).power, 'halt');
    }
  });
});

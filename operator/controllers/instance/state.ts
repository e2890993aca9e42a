import type { InstanceStateName } from '../../api/compute/instance.ts';
import type { Machine } from './observe.ts';
import { instanceInitiatedShutdown, stateReasonFrom, userInitiatedShutdown, type StateReason } from './state-reason.ts';

/** All that decides the state of an instance that has a machine. */
export interface Situation {
  /** The state that the status says; undefined before the first. */
  recorded: InstanceStateName | undefined;
  recordedReason: StateReason | undefined;
  wish: 'running' | 'stopped';
  machine: Machine;
  /** The address that goes with running is known, or has been waited for long enough. */
  isAddressed: boolean;
  /** It has run since it was last started. */
  hasBooted: boolean;
  /** The present start followed a stop. */
  startedFromStopped: boolean;
  /** An instance-store root: a stop would lose it. */
  isRootEphemeral: boolean;
  shutdownBehavior: 'stop' | 'terminate';
  /** The start has been tried for so long that it is given up if there is a problem. */
  isOverdue: boolean;
}

/** The state to show, and what to do about the machine. */
export interface Decision {
  state: InstanceStateName;
  reason?: StateReason | undefined;
  power?: 'start' | 'halt';
}

interface Row {
  when: (situation: Situation) => boolean;
  then: (situation: Situation) => Decision;
}

const isComingUp = ({ recorded }: Situation): boolean => recorded === undefined || recorded === 'pending';
const problemOf = ({ machine }: Situation): StateReason | undefined =>
  machine.is === 'starting' && machine.problem !== undefined ? stateReasonFrom(machine.problem) : undefined;

/**
 * The states of EC2 in EC2's order (pending, running, stopping, stopped, pending; anything, shutting-down, terminated), first match wins.
 * It starts from the recorded state, so that no watcher ever sees an order that EC2 does not have, and so that what was begun is finished.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-lifecycle.html
 */
const table: readonly Row[] = [
  { when: ({ machine }) => machine.is === 'deleting', then: () => ({ state: 'shutting-down', reason: userInitiatedShutdown }) },

  // A stop is finished before anything else, whatever is wished meanwhile: EC2 does not let go of it either.
  {
    when: ({ recorded, machine }) => recorded === 'stopping' && machine.is === 'halted',
    then: ({ recordedReason }) => ({ state: 'stopped', reason: recordedReason }),
  },
  {
    when: ({ recorded }) => recorded === 'stopping',
    then: ({ recordedReason }) => ({ state: 'stopping', reason: recordedReason, power: 'halt' }),
  },

  // A stopped machine that somebody started past us is halted again.
  {
    when: ({ recorded, wish, machine }) => recorded === 'stopped' && wish === 'stopped' && machine.is !== 'halted',
    then: ({ recordedReason }) => ({ state: 'stopped', reason: recordedReason, power: 'halt' }),
  },
  {
    when: ({ recorded, wish, machine }) => recorded === 'stopped' && (wish === 'stopped' || machine.is === 'halting'),
    then: ({ recordedReason }) => ({ state: 'stopped', reason: recordedReason }),
  },
  { when: ({ recorded, machine }) => recorded === 'stopped' && machine.is === 'halted', then: () => ({ state: 'pending', power: 'start' }) },
  // The start was sent, but not written down.
  { when: ({ recorded }) => recorded === 'stopped', then: () => ({ state: 'pending' }) },

  // Made with powerState stopped: never started.
  {
    when: (situation) => isComingUp(situation) && situation.wish === 'stopped' && situation.machine.is === 'halted' && !situation.hasBooted,
    then: () => ({ state: 'stopped', reason: userInitiatedShutdown }),
  },
  {
    when: ({ wish, isRootEphemeral, hasBooted }) => wish === 'stopped' && !(isRootEphemeral && hasBooted),
    then: () => ({ state: 'stopping', reason: userInitiatedShutdown, power: 'halt' }),
  },

  // An instance-store root is gone with the machine, so there is nothing to stop.
  {
    when: ({ machine, isRootEphemeral, shutdownBehavior }) => machine.is === 'poweredOff' && (isRootEphemeral || shutdownBehavior === 'terminate'),
    then: () => ({ state: 'shutting-down', reason: instanceInitiatedShutdown }),
  },
  {
    when: ({ machine }) => machine.is === 'poweredOff',
    then: () => ({ state: 'stopping', reason: instanceInitiatedShutdown }),
  },

  { when: (situation) => isComingUp(situation) && situation.machine.is === 'running' && situation.isAddressed, then: () => ({ state: 'running' }) },
  {
    when: (situation) => isComingUp(situation) && situation.isOverdue && problemOf(situation) !== undefined && situation.startedFromStopped,
    then: (situation) => ({ state: 'stopping', reason: problemOf(situation) }),
  },
  {
    when: (situation) => isComingUp(situation) && situation.isOverdue && problemOf(situation) !== undefined,
    then: (situation) => ({ state: 'shutting-down', reason: problemOf(situation) }),
  },

  // Halted past us although it should run: the spec is what counts.
  { when: (situation) => isComingUp(situation) && situation.machine.is === 'halted', then: () => ({ state: 'pending', power: 'start' }) },
  { when: ({ recorded, machine }) => recorded === 'running' && machine.is === 'halted', then: () => ({ state: 'running', power: 'start' }) },

  { when: isComingUp, then: (situation) => ({ state: 'pending', reason: problemOf(situation) }) },
  // Crash, loss of the node, live migration, pause: EC2 has no state for them. The status checks tell.
  { when: ({ recorded }) => recorded === 'running', then: () => ({ state: 'running' }) },
];

/** The state that follows; recorded states shutting-down and terminated are final and not for this table. Pure. */
export function decisionFrom(situation: Situation): Decision {
  const row = table.find(({ when }) => when(situation));
  if (row === undefined) throw new Error(`no row for an instance that is ${situation.recorded ?? 'new'}`);
  return row.then(situation);
}

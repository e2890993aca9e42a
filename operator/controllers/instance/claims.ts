import { InstanceConditions } from '../../api/compute/instance.ts';
import type { ConditionClaim } from '../../runtime/conditions.ts';
import type { Seen } from './seen.ts';
import { statusChecksFrom } from './status-checks.ts';

/** A condition before its time and generation are filled in. */
export type Claim = Omit<ConditionClaim, 'observedGeneration'>;

function placedClaim({ decision, machine, vmi }: Seen): Claim {
  const type = InstanceConditions.placed;
  if (machine.is === 'starting' && machine.problem?.kind === 'Unschedulable') {
    return { type, status: 'False', reason: 'Unschedulable', message: machine.problem.message };
  }
  if (decision.state === 'running' && machine.is === 'running') return { type, status: 'True', reason: 'Placed', message: `On node ${vmi?.status?.nodeName ?? ''}.` };
  if (decision.state === 'pending' || decision.state === 'running') return { type, status: 'Unknown', reason: 'Placing', message: 'No node is known yet.' };
  return { type, status: 'False', reason: 'NotRunning', message: 'An instance that does not run has no node.' };
}

function readyClaim({ decision, machine }: Seen): Claim {
  const type = InstanceConditions.ready;
  if (decision.state === 'running' && machine.is === 'running') return { type, status: 'True', reason: 'Running', message: 'The machine runs.' };
  if (machine.is === 'starting' && machine.problem !== undefined) {
    return { type, status: 'False', reason: machine.problem.kind, message: machine.problem.message };
  }
  if (decision.state === 'running') return { type, status: 'False', reason: 'Restarting', message: 'The machine failed and is started again.' };
  const reason = { pending: 'Starting', stopping: 'Stopping', stopped: 'Stopped', 'shutting-down': 'ShuttingDown', terminated: 'Terminated' }[decision.state];
  return { type, status: 'False', reason, message: `The instance is ${decision.state}.` };
}

function powerStateClaim({ instance, decision }: Seen): Claim {
  const type = InstanceConditions.powerStateReached;
  const { powerState } = instance.spec;
  if (powerState === decision.state) return { type, status: 'True', reason: 'Reached', message: `The instance is ${decision.state}.` };
  if (powerState === 'stopped' && decision.state === 'running') {
    const message = 'The root disk is an instance store, which a stop would lose: the instance keeps running. Terminate it, or use an AMI with a volume for a root.';
    return { type, status: 'False', reason: 'StopUnsupported', message };
  }
  return { type, status: 'Unknown', reason: 'InProgress', message: `The instance is ${decision.state}.` };
}

function upToDateClaim({ waitingForStop, objection }: Seen): Claim {
  const type = InstanceConditions.upToDate;
  if (objection !== undefined) return { type, status: 'False', ...objection };
  if (waitingForStop.length === 0) return { type, status: 'True', reason: 'UpToDate', message: 'The machine is as the spec says.' };
  return { type, status: 'False', reason: 'StopRequired', message: `${waitingForStop.join(', ')}: changed in the spec, but taken up only while the instance is stopped.` };
}

/** Every condition of an instance with a machine. Pure. */
export function claimsFrom(seen: Seen): Claim[] {
  const { decision, publicAddress } = seen;
  return [
    { type: InstanceConditions.launchable, status: 'True', reason: 'Found', message: 'Everything that the spec refers to was found.' },
    placedClaim(seen),
    readyClaim(seen),
    powerStateClaim(seen),
    upToDateClaim(seen),
    ...(publicAddress.claim === undefined ? [] : [publicAddress.claim]),
    ...statusChecksFrom({ ...seen, isRunning: decision.state === 'running', isPending: decision.state === 'pending' }),
  ];
}

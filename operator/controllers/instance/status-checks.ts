import { InstanceConditions } from '../../api/compute/instance.ts';
import type { Node, VirtualMachineInstance } from '../../kubernetes/resources.ts';
import type { ConditionClaim } from '../../runtime/conditions.ts';
import { conditionOf, type Machine } from './observe.ts';

/** How long a guest agent has to connect after the machine runs. */
export const AGENT_GRACE_SECONDS = 300;

/** What the status checks look at. */
export interface Checked {
  /** The instance is running in EC2's sense. */
  isRunning: boolean;
  /** It is on its way there. */
  isPending: boolean;
  machine: Machine;
  vmi: VirtualMachineInstance | undefined;
  node: Node | undefined;
  /** The AMI says that its guests run the agent. */
  isAgentExpected: boolean;
  secondsRunning: number;
}

type Check = Pick<ConditionClaim, 'status' | 'reason' | 'message'>;

const passed: Check = { status: 'True', reason: 'Passed', message: 'The check passed.' };
const initializing: Check = { status: 'Unknown', reason: 'Initializing', message: 'The machine is not running yet.' };
const notApplicable: Check = { status: 'Unknown', reason: 'NotApplicable', message: 'Only running instances are checked.' };
const crashed: Check = { status: 'False', reason: 'Crashed', message: 'The machine failed and is started again.' };

function isNodeReady(node: Node): boolean {
  // KubeVirt takes its label away from a node whose virt-handler has not been heard of for five minutes.
  if (node.metadata?.labels?.['kubevirt.io/schedulable'] === 'false') return false;
  return node.status?.conditions?.find(({ type }) => type === 'Ready')?.status === 'True';
}

/** EC2's system check: the host and what surrounds the guest. Pure. */
export function systemCheckFrom({ isRunning, isPending, machine, vmi, node }: Checked): Check {
  if (!isRunning) return isPending ? initializing : notApplicable;
  if (machine.is !== 'running') return { status: 'False', reason: 'NotRunning', message: 'The machine failed and is started again.' };
  const nodeName = vmi?.status?.nodeName ?? '';
  if (node !== undefined && !isNodeReady(node)) return { status: 'False', reason: 'NodeNotReady', message: `Node ${nodeName} is not ready.` };
  const paused = conditionOf(vmi, 'Paused');
  if (paused?.status === 'True' && paused.reason === 'PausedIOError') {
    return { status: 'False', reason: 'PausedIOError', message: 'The machine stands still after an error of its disk.' };
  }
  const synchronized = conditionOf(vmi, 'Synchronized');
  if (synchronized?.status === 'False') return { status: 'False', reason: 'NotSynchronized', message: synchronized.message ?? 'KubeVirt cannot keep the machine up to date.' };
  return passed;
}

/** EC2's instance check: the guest. Without an agent nothing is known of it, and the system check stands for both. Pure. */
export function instanceCheckFrom(checked: Checked): Check {
  const { isRunning, isPending, machine, vmi, isAgentExpected, secondsRunning } = checked;
  if (!isRunning) return isPending ? initializing : notApplicable;
  if (machine.is !== 'running') return crashed;
  if (conditionOf(vmi, 'AgentConnected')?.status === 'True') return passed;
  if (!isAgentExpected) return systemCheckFrom(checked);
  if (secondsRunning < AGENT_GRACE_SECONDS) return { ...initializing, message: 'The guest agent has not connected yet.' };
  return { status: 'False', reason: 'AgentNotConnected', message: 'The AMI has a guest agent, but it is not connected: the guest hangs or has not booted.' };
}

/** Both checks as conditions. Pure. */
export function statusChecksFrom(checked: Checked): Omit<ConditionClaim, 'observedGeneration'>[] {
  return [
    { type: InstanceConditions.systemStatusOk, ...systemCheckFrom(checked) },
    { type: InstanceConditions.instanceStatusOk, ...instanceCheckFrom(checked) },
  ];
}

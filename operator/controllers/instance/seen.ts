import type { InstanceStatus } from '../../api/compute/instance.ts';
import type { Instance, Node, VirtualMachine, VirtualMachineInstance } from '../../kubernetes/resources.ts';
import type { Machine } from './observe.ts';
import type { PublicAddress } from './public-address.ts';
import type { Objection } from './objection.ts';
import type { References } from './references.ts';
import type { Decision } from './state.ts';

/** All that the status of an instance with a machine is made of. */
export interface Seen {
  instance: Instance;
  vm: VirtualMachine;
  vmi: VirtualMachineInstance | undefined;
  node: Node | undefined;
  machine: Machine;
  decision: Decision;
  /** What the launch facts are taken from; undefined once they are known. */
  references: References | undefined;
  /** The AMI says that its guests run the agent. */
  isAgentExpected: boolean;
  secondsRunning: number;
  /** Fields of the spec that wait for a stop. */
  waitingForStop: readonly string[];
  /** Something in the spec that a machine already made cannot take up. */
  objection: Objection | undefined;
  publicAddress: PublicAddress;
  reboot: InstanceStatus['reboot'];
  /** The instance profile to write down. */
  profile: InstanceStatus['iamInstanceProfile'];
}

/** The address of the primary interface. */
export function addressOf(vmi: VirtualMachineInstance | undefined): string | undefined {
  const address = vmi?.status?.interfaces?.find(({ name }) => name === 'default')?.ipAddress;
  return address === '' ? undefined : address;
}

import type { InstanceStatus } from '../../api/compute/instance.ts';
import type { Clock } from '../../kubernetes/clock.ts';
import { ApiError } from '../../kubernetes/errors.ts';
import { VirtualMachineInstance, type Instance } from '../../kubernetes/resources.ts';
import type { ReconcileContext } from '../../runtime/reconcile.ts';
import { machineKeyOf } from './identity.ts';
import { conditionOf } from './observe.ts';
import { secondsSince, timestampOf } from './times.ts';

type Reboot = NonNullable<InstanceStatus['reboot']>;
type Context = Pick<ReconcileContext, 'write' | 'clock' | 'log'>;

/** No answer, or too busy to: whether the guest was asked is not known, so it is asked again. */
function isPassing(error: unknown): boolean {
  return !(error instanceof ApiError) || error.code === 0 || error.code === 429 || error.code === 503;
}

/** Asks KubeVirt; false if it refuses, for example because the machine is paused or its node cannot be reached. */
async function isAccepted(instance: Instance, subresource: 'softreboot' | 'reset', { write, log }: Context): Promise<boolean> {
  try {
    await write.putSubresource(VirtualMachineInstance, machineKeyOf(instance), subresource);
    return true;
  } catch (error) {
    if (isPassing(error)) throw error;
    log.warn('KubeVirt refuses', { subresource, error });
    return false;
  }
}

async function reset(instance: Instance, reboot: Reboot, context: Context): Promise<Reboot> {
  return { ...reboot, phase: (await isAccepted(instance, 'reset', context)) ? 'ResetSent' : 'Failed' };
}

async function begin(instance: Instance, vmi: VirtualMachineInstance, requestedAt: string, context: Context): Promise<Reboot> {
  const agentConnected = conditionOf(vmi, 'AgentConnected')?.status === 'True';
  const reboot: Reboot = { requestedAt, phase: 'SoftRebootSent', sentAt: timestampOf(context.clock), agentConnected };
  return (await isAccepted(instance, 'softreboot', context)) ? reboot : reset(instance, reboot, context);
}

/**
 * Carries out a request to reboot: asks the guest, as EC2 does, and resets the machine if that is refused, or if the guest's agent, which was there,
 * has not gone away within the deadline. A guest without an agent gives no sign, so it is not reset: that could break a reboot under way.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-reboot.html
 */
export async function carryOutReboot(
  instance: Instance,
  vmi: VirtualMachineInstance | undefined,
  context: Context,
  deadlineSeconds: number,
): Promise<Reboot | undefined> {
  const { rebootRequestedAt } = instance.spec;
  const { reboot, launchTime } = instance.status ?? {};
  if (vmi?.status?.phase !== 'Running') return reboot;
  if (rebootRequestedAt !== undefined && rebootRequestedAt !== reboot?.requestedAt) {
    // A start since then was a boot already.
    if (launchTime !== undefined && Date.parse(rebootRequestedAt) <= Date.parse(launchTime)) return { requestedAt: rebootRequestedAt, phase: 'Rebooted' };
    return begin(instance, vmi, rebootRequestedAt, context);
  }
  if (reboot?.phase !== 'SoftRebootSent' || reboot.agentConnected !== true) return reboot;
  const agent = conditionOf(vmi, 'AgentConnected');
  const connectedAt = agent?.lastTransitionTime ?? agent?.lastProbeTime;
  const hasGone = agent?.status !== 'True' || (connectedAt != null && Date.parse(connectedAt) > Date.parse(reboot.sentAt ?? reboot.requestedAt));
  if (hasGone) return { ...reboot, phase: 'Rebooted' };
  if (secondsSince(reboot.sentAt, context.clock) < deadlineSeconds) return reboot;
  return reset(instance, reboot, context);
}

/** Seconds until a reboot under way must be looked at again; undefined if none is. Pure. */
export function secondsUntilReset(reboot: Reboot | undefined, clock: Clock, deadlineSeconds: number): number | undefined {
  if (reboot?.phase !== 'SoftRebootSent' || reboot.agentConnected !== true) return undefined;
  return Math.max(1, deadlineSeconds - secondsSince(reboot.sentAt, clock));
}

import { InstanceConditions, type InstanceStatus } from '../../api/compute/instance.ts';
import { isNotFound } from '../../kubernetes/errors.ts';
import type { Read } from '../../kubernetes/read.ts';
import { Instance, NetworkInterface, VirtualMachine, VirtualMachineInstance } from '../../kubernetes/resources.ts';
import type { Write } from '../../kubernetes/write.ts';
import { isTrue } from '../../runtime/conditions.ts';
import type { Outcome, ReconcileContext } from '../../runtime/reconcile.ts';
import { interfaceOfInstance } from '../network-interface/attached.ts';
import { isWantedBy } from '../volume/attachment.ts';
import { volumesAround } from '../volume/indexes.ts';
import { releaseVolume } from '../volume/release.ts';
import { eventsFrom } from './events.ts';
import { isHeld, releaseFinalizer } from './hold-finalizer.ts';
import { machineKeyOf } from './identity.ts';
import { isMachineOf } from './launch.ts';
import { removeUserData, userDataDigestOf } from './prepare-user-data.ts';
import { releasePublicAddress } from './public-address.ts';
import { adoptPowerState, cutPower } from './set-power.ts';
import type { InstanceSettings } from './settings.ts';
import { userInitiatedShutdown } from './state-reason.ts';
import { endedStatus } from './status.ts';
import { secondsSince } from './times.ts';
import { isUserDataDropped } from './update-machine.ts';

function ignoreNotFound(error: unknown): void {
  if (!isNotFound(error)) throw error; // already gone is what we want
}

/** Whether the instance is to end, or is ending. */
export function isTerminating({ spec, status }: Instance): boolean {
  return spec.powerState === 'terminated' || status?.state === 'shutting-down';
}

/**
 * Whether an earlier pass has had the machine removed: only `terminate` and `tearDown` write a status for a spec that ends the instance, and they do so
 * after they have removed what there was.
 */
function isRemovalAsked({ metadata, spec, status }: Instance): boolean {
  const isEnd = spec.powerState === 'terminated' || metadata.deletionTimestamp !== undefined;
  return isEnd && status?.state === 'shutting-down' && status.observedGeneration === metadata.generation;
}

/** What there is of a machine that is to go; `unseen`: the cache did not show it yet. */
type Remainder = 'unseen' | 'going' | 'gone';

/** Removes the machine. */
async function removeMachine(instance: Instance, { read, live, write }: ReconcileContext): Promise<Remainder> {
  const key = machineKeyOf(instance);
  const cached = read.get(VirtualMachine, key);
  // A machine that the cache does not show may still exist, made by a process that died: then it is removed all the same.
  const vm = cached ?? (isRemovalAsked(instance) ? undefined : await live.fetch(VirtualMachine, key));
  if (vm !== undefined && !isMachineOf(vm, instance)) return 'gone';
  if (vm !== undefined) await cutPower(instance, read.get(VirtualMachineInstance, key), write);
  if (vm?.metadata?.uid !== undefined && vm.metadata.deletionTimestamp === undefined) {
    if (isUserDataDropped(instance, vm)) await removeUserData(instance, write);
    await write.remove(VirtualMachine, key, { uid: vm.metadata.uid }).catch(ignoreNotFound);
  }
  if (cached === undefined && vm !== undefined) return 'unseen';
  return read.get(VirtualMachine, key) === undefined && read.get(VirtualMachineInstance, key) === undefined ? 'gone' : 'going';
}

/** Removes what the machine leaves behind: the Secret with its user data, and the volumes that go with it. Others are free again. */
async function removeRemains(instance: Instance, context: ReconcileContext, settings: InstanceSettings): Promise<void> {
  const { read, write } = context;
  await removeInterface(instance, read, write);
  await releasePublicAddress(instance, context, settings);
  if (mayHaveUserData(instance)) await removeUserData(instance, write);
  for (const volume of volumesAround(instance, read)) if (isWantedBy(instance, volume)) await releaseVolume(volume, write);
}

/** The spec says so, or the machine was never known to be as the spec says. */
function mayHaveUserData(instance: Instance): boolean {
  return userDataDigestOf(instance) !== undefined || !isTrue(instance.status?.conditions, InstanceConditions.upToDate);
}

async function removeInterface(instance: Instance, read: Read, write: Write): Promise<void> {
  if (instance.spec.networkInterface?.deleteOnTermination !== true) return;
  const { namespace, name, uid, deletionTimestamp } = interfaceOfInstance(instance, read)?.metadata ?? {};
  if (name === undefined || uid === undefined || deletionTimestamp !== undefined) return;
  await write.remove(NetworkInterface, { namespace, name }, { uid }).catch(ignoreNotFound);
}

/** One step of a termination: shutting-down until the machine is gone, then terminated. */
export async function terminate(instance: Instance, context: ReconcileContext, settings: InstanceSettings): Promise<Outcome<InstanceStatus>> {
  const { clock, write } = context;
  const isBegun = instance.status?.state === 'shutting-down';
  const reason = (isBegun ? instance.status?.stateReason : undefined) ?? userInitiatedShutdown;
  // What the guest or we ourselves began is written down first, so that its reason cannot be lost.
  const current = isBegun ? await adoptPowerState(instance, 'terminated', write) : instance;
  const remainder = await removeMachine(current, context);
  if (remainder === 'unseen') return lookAgain(instance);
  const isOver = remainder === 'gone' && isBegun;
  if (isOver) await removeRemains(current, context, settings);
  const status = endedStatus(current, isOver ? 'terminated' : 'shutting-down', reason, settings, clock);
  return { status, events: eventsFrom(instance.status, status), ...(remainder === 'gone' ? { requeueAfterSeconds: isBegun ? settings.terminatedRetentionSeconds : 0.1 } : {}) };
}

/** The cache lags: the status must not say yet that the machine, which it does not show, was seen to. */
function lookAgain({ status = {} }: Instance): Outcome<InstanceStatus> {
  return { status, requeueAfterSeconds: 1 };
}

/** A terminated instance stays visible for a while, then its resource goes. */
export async function expire(instance: Instance, { write, clock }: ReconcileContext, settings: InstanceSettings): Promise<Outcome<InstanceStatus> | undefined> {
  const { status = {}, metadata } = instance;
  const secondsLeft = settings.terminatedRetentionSeconds - secondsSince(status.stateTransitionTime, clock);
  if (secondsLeft > 0) return { status, requeueAfterSeconds: secondsLeft };
  // There is nothing left to hold it for; the API server has less to do to remove what nobody holds.
  if (isHeld(instance)) await releaseFinalizer(instance, write);
  await removeInstance(instance, metadata.uid, write);
  return undefined;
}

async function removeInstance({ metadata }: Instance, uid: string | undefined, write: Write): Promise<void> {
  const { namespace, name } = metadata;
  await write.remove(Instance, { namespace, name }, uid === undefined ? {} : { uid }).catch(ignoreNotFound);
}

/** The resource is being deleted: the machine goes at once, then the resource. */
export async function tearDown(instance: Instance, context: ReconcileContext, settings: InstanceSettings): Promise<Outcome<InstanceStatus> | undefined> {
  if (!isHeld(instance)) return undefined;
  const isOver = instance.status?.state === 'terminated';
  const remainder = isOver ? 'gone' : await removeMachine(instance, context);
  if (remainder === 'unseen') return lookAgain(instance);
  if (remainder === 'going') {
    const reason = instance.status?.state === 'shutting-down' ? (instance.status.stateReason ?? userInitiatedShutdown) : userInitiatedShutdown;
    const status = endedStatus(instance, 'shutting-down', reason, settings, context.clock);
    return { status, events: eventsFrom(instance.status, status) };
  }
  if (!isOver) await removeRemains(instance, context, settings);
  await releaseFinalizer(instance, context.write);
  return undefined;
}

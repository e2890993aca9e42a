import { imageOfId } from '../../api/image-of-id.ts';
import { InstanceConditions, type InstanceStatus } from '../../api/instance.ts';
import type { Condition } from '../../api/shared.ts';
import { Ami, Node, VirtualMachine, VirtualMachineInstance, type Instance } from '../../kubernetes/resources.ts';
import type { Outcome, ReconcileContext } from '../../runtime/reconcile.ts';
import { liveObject } from '../live-object.ts';
import { expire, isTerminating, tearDown, terminate } from './end.ts';
import { eventsFrom } from './events.ts';
import { holdFinalizer } from './hold-finalizer.ts';
import { machineKeyOf } from './identity.ts';
import { amisById } from './indexes.ts';
import { isMachineOf, launch, nameTaken } from './launch.ts';
import { machineFrom, withSteadyProblem, type Machine } from './observe.ts';
import { userDataDigestOf } from './prepare-user-data.ts';
import { carryOutReboot, secondsUntilReset } from './reboot.ts';
import { isObjection, referencesOf, type Objection } from './references.ts';
import { haltMachine } from './set-power.ts';
import type { InstanceSettings } from './settings.ts';
import { decisionFrom, type Situation } from './state.ts';
import { userInitiatedShutdown } from './state-reason.ts';
import { AGENT_GRACE_SECONDS } from './status-checks.ts';
import { addressOf, endedStatus, refusedStatus, secondsSince, statusFrom } from './status.ts';
import { changesThatNeedStop, relabelRun, updateMachine } from './update-machine.ts';

/** How long a running machine is waited for to have an address before the instance counts as running without one. */
const ADDRESS_GRACE_SECONDS = 15;
/** How often something is looked at again that no watch tells of: a Secret of the user's. */
const SECRET_POLL_SECONDS = 10;

/** Makes an Instance so: launches its machine, keeps it as the spec says, ends it; the status tells what the machine does. */
export async function reconcile(instance: Instance, context: ReconcileContext, settings: InstanceSettings): Promise<Outcome<InstanceStatus> | undefined> {
  if (instance.metadata.deletionTimestamp !== undefined) return tearDown(instance, context, settings);
  if (instance.status?.state === 'terminated') return expire(instance, context, settings);
  if (isTerminating(instance)) return terminate(instance, context, settings);
  const held = await holdFinalizer(instance, context.write);
  const found = context.read.get(VirtualMachine, machineKeyOf(held));
  if (found !== undefined) return isMachineOf(found, held) ? keep(held, found, context, settings) : refuse(held, nameTaken(held), context, settings);
  if (held.status?.virtualMachineUid !== undefined) return mournMachine(held, context, settings);
  const references = referencesOf(held, context.read);
  if (isObjection(references)) return refuse(held, references, context, settings);
  const made = await launch(held, references, context, settings);
  if (isObjection(made)) return refuse(held, made, context, settings);
  return keep(held, made, context, settings);
}

/** Nothing can be done until something else changes; what that is stands in the condition Launchable. */
function refuse(instance: Instance, objection: Objection, { clock }: ReconcileContext, settings: InstanceSettings): Outcome<InstanceStatus> {
  const status = refusedStatus(instance, objection, settings, clock);
  const isPolled = objection.reason.startsWith('UserData');
  return { status, events: eventsFrom(instance.status, status), ...(isPolled ? { requeueAfterSeconds: SECRET_POLL_SECONDS } : {}) };
}

/** Somebody deleted the machine past us: the instance ends, as it does when EC2 loses one. */
async function mournMachine(instance: Instance, { write, clock }: ReconcileContext, settings: InstanceSettings): Promise<Outcome<InstanceStatus>> {
  const live = await liveObject(VirtualMachine, machineKeyOf(instance), write);
  // The cache lags behind what an earlier pass wrote down.
  if (live !== undefined && isMachineOf(live, instance)) return { status: instance.status ?? {}, requeueAfterSeconds: 1 };
  const reason = { ...userInitiatedShutdown, message: `${userInitiatedShutdown.code}: The VirtualMachine of the instance was deleted` };
  const status = endedStatus(instance, 'shutting-down', reason, settings, clock);
  return { status, events: eventsFrom(instance.status, status) };
}

/** The image, if it is still there: what matters about it for good is in the status. */
function amiOf({ spec, metadata, status }: Instance, { read }: ReconcileContext): Ami | undefined {
  return read.get(Ami, { namespace: metadata.namespace, name: spec.imageId }) ?? imageOfId(read.byIndex(amisById, status?.imageId ?? spec.imageId), metadata.namespace);
}

function readyConditionOf({ status }: Instance): Condition | undefined {
  return status?.conditions?.find(({ type }) => type === InstanceConditions.ready);
}

function secondsRunningOf(vmi: VirtualMachineInstance | undefined, { clock }: ReconcileContext): number {
  const since = vmi?.status?.phaseTransitionTimestamps?.find(({ phase }) => phase === 'Running')?.phaseTransitionTimestamp;
  return secondsSince(since, clock);
}

function situationOf(
  instance: Instance,
  machine: Machine,
  vmi: VirtualMachineInstance | undefined,
  isRootEphemeral: boolean,
  context: ReconcileContext,
  settings: InstanceSettings,
): Situation {
  const { spec, status = {} } = instance;
  return {
    recorded: status.state,
    recordedReason: status.stateReason,
    wish: spec.powerState === 'stopped' ? 'stopped' : 'running',
    machine,
    isAddressed: addressOf(vmi) !== undefined || secondsRunningOf(vmi, context) >= ADDRESS_GRACE_SECONDS,
    hasBooted: status.hasBooted ?? false,
    startedFromStopped: status.startedFromStopped ?? false,
    isRootEphemeral,
    shutdownBehavior: spec.instanceInitiatedShutdownBehavior,
    isOverdue: status.pendingSince !== undefined && secondsSince(status.pendingSince, context.clock) >= settings.launchDeadlineSeconds,
  };
}

/** Keeps a machine as the spec says, and tells what it does. */
async function keep(instance: Instance, found: VirtualMachine, context: ReconcileContext, settings: InstanceSettings): Promise<Outcome<InstanceStatus>> {
  const { read, write, clock } = context;
  const vmi = read.get(VirtualMachineInstance, machineKeyOf(instance));
  const machine = withSteadyProblem(machineFrom(found, vmi), readyConditionOf(instance));
  const references = instance.status?.virtualMachineUid === undefined ? referencesOf(instance, read) : undefined;
  const ami = amiOf(instance, context);
  const rootDeviceType = instance.status?.rootDeviceType ?? (ami?.spec.source.containerDisk === undefined ? 'ebs' : 'instance-store');
  const decision = decisionFrom(situationOf(instance, machine, vmi, rootDeviceType === 'instance-store', context, settings));

  const halted = await haltMachine(instance, found, vmi, decision, write);
  const { vm, objection } = await updateMachine(instance, halted, { isHalted: machine.is === 'halted', isStart: decision.power === 'start' }, context);
  await relabelRun(vm, vmi, write);
  const reboot = await carryOutReboot(instance, vmi, context, settings.rebootDeadlineSeconds);

  const nodeName = vmi?.status?.nodeName;
  const seen = {
    instance,
    vm,
    vmi,
    node: nodeName === undefined ? undefined : read.get(Node, { name: nodeName }),
    machine,
    decision,
    references: references === undefined || isObjection(references) ? undefined : references,
    isAgentExpected: ami?.spec.guestAgent ?? false,
    secondsRunning: secondsRunningOf(vmi, context),
    waitingForStop: changesThatNeedStop(instance, vm, userDataDigestOf(instance)),
    objection,
    reboot,
  };
  const status = statusFrom(seen, settings, clock);
  return { status, events: eventsFrom(instance.status, status), ...requeueFrom(status, seen, context, settings) };
}

/** When to look again although nothing has happened: deadlines. */
function requeueFrom(
  status: InstanceStatus,
  { machine, secondsRunning, isAgentExpected, reboot, vmi }: { machine: Machine; secondsRunning: number; isAgentExpected: boolean; reboot: InstanceStatus['reboot']; vmi: VirtualMachineInstance | undefined },
  { clock }: ReconcileContext,
  settings: InstanceSettings,
): { requeueAfterSeconds?: number } {
  const isProblem = machine.is === 'starting' && machine.problem !== undefined;
  const delays = [
    ...(status.state === 'pending' && isProblem ? [settings.launchDeadlineSeconds - secondsSince(status.pendingSince, clock)] : []),
    ...(status.state === 'pending' && machine.is === 'running' ? [ADDRESS_GRACE_SECONDS - secondsRunning] : []),
    ...(status.state === 'running' && isAgentExpected && vmi !== undefined && secondsRunning < AGENT_GRACE_SECONDS ? [AGENT_GRACE_SECONDS - secondsRunning] : []),
    ...[secondsUntilReset(reboot, clock, settings.rebootDeadlineSeconds)].filter((seconds) => seconds !== undefined),
  ];
  return delays.length === 0 ? {} : { requeueAfterSeconds: Math.max(1, Math.min(...delays)) };
}

import { InstanceConditions, type InstanceStatus } from '../../api/compute/instance.ts';
import { ofId } from '../../api/of-id.ts';
import type { Condition } from '../../api/shared.ts';
import type { Read } from '../../kubernetes/read.ts';
import { Ami, Node, VirtualMachine, VirtualMachineInstance, type Instance } from '../../kubernetes/resources.ts';
import type { Outcome, ReconcileContext } from '../../runtime/reconcile.ts';
import { amisById } from '../launchable-image.ts';
import { expire, isTerminating, tearDown, terminate } from './end.ts';
import { eventsFrom } from './events.ts';
import { objectionToExposure } from './exposure.ts';
import { holdFinalizer } from './hold-finalizer.ts';
import { machineKeyOf } from './identity.ts';
import { isMachineOf, launch, nameTaken } from './launch.ts';
import { machineFrom, withSteadyProblem } from './observe.ts';
import { nextLookFrom, pollFor } from './next-look.ts';
import { wantedPlacementOf } from './placement-constraint.ts';
import { profileRecordOf } from './profile-record.ts';
import { holdPublicAddress } from './public-address.ts';
import { carryOutReboot } from './reboot.ts';
import { isObjection, type Objection } from './objection.ts';
import { referencesOf } from './references.ts';
import { relabelPods, relabelRun } from './relabel.ts';
import type { Seen } from './seen.ts';
import { haltMachine } from './set-power.ts';
import type { InstanceSettings } from './settings.ts';
import { secondsRunningOf, situationFrom } from './situation.ts';
import { decisionFrom } from './state.ts';
import { userInitiatedShutdown } from './state-reason.ts';
import { areLaunchFactsKnown, endedStatus, refusedStatus, statusFrom } from './status.ts';
import { updateDisks } from './update-disks.ts';
import { changesThatNeedStop, updateMachine } from './update-machine.ts';

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
  const exposure = objectionToExposure(held, references.securityGroupIds, context.read, settings);
  if (exposure !== undefined) return refuse(held, exposure, context, settings);
  const made = await launch(held, references, context, settings);
  if (isObjection(made)) return refuse(held, made, context, settings);
  return keep(held, made, context, settings);
}

/** Nothing can be done until something else changes; what that is stands in the condition Launchable. */
function refuse(instance: Instance, objection: Objection, { clock }: ReconcileContext, settings: InstanceSettings): Outcome<InstanceStatus> {
  const status = refusedStatus(instance, objection, settings, clock);
  return { status, events: eventsFrom(instance.status, status), ...pollFor(objection) };
}

/** Somebody deleted the machine past us: the instance ends, as it does when EC2 loses one. */
async function mournMachine(instance: Instance, { live, clock }: ReconcileContext, settings: InstanceSettings): Promise<Outcome<InstanceStatus>> {
  const vm = await live.fetch(VirtualMachine, machineKeyOf(instance));
  // The cache lags behind what an earlier pass wrote down.
  if (vm !== undefined && isMachineOf(vm, instance)) return { status: instance.status ?? {}, requeueAfterSeconds: 1 };
  const reason = { ...userInitiatedShutdown, message: `${userInitiatedShutdown.code}: The VirtualMachine of the instance was deleted` };
  const status = endedStatus(instance, 'shutting-down', reason, settings, clock);
  return { status, events: eventsFrom(instance.status, status) };
}

/** Keeps a machine as the spec says, and tells what it does. */
async function keep(instance: Instance, found: VirtualMachine, context: ReconcileContext, settings: InstanceSettings): Promise<Outcome<InstanceStatus>> {
  const { read, live, write, clock } = context;
  const vmi = read.get(VirtualMachineInstance, machineKeyOf(instance));
  const machine = withSteadyProblem(machineFrom(found, vmi), readyConditionOf(instance));
  const decision = decisionFrom(situationFrom({ instance, vm: found, vmi, machine }, clock, settings));

  const halted = await haltMachine(instance, found, vmi, decision, write);
  const withDisks = await updateDisks(instance, halted, vmi, machine, context);
  const placement = wantedPlacementOf(instance, read);
  const { vm, objection } = await updateMachine(instance, withDisks, { isHalted: machine.is === 'halted', isStart: decision.power === 'start' }, { read, live, write, region: settings.region, placement });
  await relabelRun(vm, vmi, write);
  await relabelPods(vm, read, write);
  const publicAddress = await holdPublicAddress(instance, decision.state, context, settings);
  const reboot = await carryOutReboot(instance, vmi, context, settings.rebootDeadlineSeconds);

  const references = areLaunchFactsKnown(instance) ? undefined : referencesOf(instance, read);
  const profile = profileRecordOf(instance, read, clock);
  const nodeName = vmi?.status?.nodeName;
  const seen: Seen = {
    instance,
    vm,
    vmi,
    node: nodeName === undefined ? undefined : read.get(Node, { name: nodeName }),
    machine,
    decision,
    references: references === undefined || isObjection(references) ? undefined : references,
    isAgentExpected: imageOf(instance, read)?.spec.guestAgent ?? false,
    secondsRunning: secondsRunningOf(vmi, clock),
    waitingForStop: changesThatNeedStop(instance, vm, placement),
    objection: objection ?? profile.objection,
    publicAddress,
    reboot,
    profile: profile.record,
  };
  const status = statusFrom(seen, settings, clock);
  return { status, events: eventsFrom(instance.status, status), ...nextLookFrom(status, seen, clock, settings) };
}

function readyConditionOf({ status }: Instance): Condition | undefined {
  return status?.conditions?.find(({ type }) => type === InstanceConditions.ready);
}

/** The image, if it is still there: what matters about it for good is in the status. */
function imageOf({ spec, metadata, status }: Instance, read: Read): Ami | undefined {
  return read.get(Ami, { namespace: metadata.namespace, name: spec.imageId }) ?? ofId(read.byIndex(amisById, status?.imageId ?? spec.imageId), metadata.namespace);
}

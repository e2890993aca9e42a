import { INSTANCES_SERVICE } from '../../api/identity/account.ts';
import { ec2IdOf } from '../../api/ec2-id.ts';
import { InstanceConditions, type InstanceStatus } from '../../api/compute/instance.ts';
import type { Clock } from '../../kubernetes/clock.ts';
import { zoneOfNode } from '../../kubernetes/node-zone.ts';
import type { Instance } from '../../kubernetes/resources.ts';
import { setCondition, withoutCondition } from '../../runtime/conditions.ts';
import { claimsFrom, type Claim } from './claims.ts';
import { isRootEphemeral } from './devices.ts';
import { hostNameOf, instanceIdOf, macAddressOf } from './identity.ts';
import type { Objection } from './objection.ts';
import type { References } from './references.ts';
import { addressOf, type Seen } from './seen.ts';
import type { InstanceSettings } from './settings.ts';
import type { StateReason } from './state-reason.ts';
import { timestampOf } from './times.ts';
import { securityGroupIdsFrom } from './virtual-machine.ts';

function withConditions(status: InstanceStatus, claims: readonly Claim[], instance: Instance, clock: Clock): InstanceStatus {
  const observedGeneration = instance.metadata.generation ?? 0;
  const conditions = claims.reduce((list, claim) => setCondition(list, { ...claim, observedGeneration }, clock), status.conditions ?? []);
  return { ...status, observedGeneration, conditions };
}

function withState(status: InstanceStatus, state: InstanceStatus['state'], reason: StateReason | undefined, clock: Clock): InstanceStatus {
  const { stateReason: _former, ...rest } = status;
  return {
    ...rest,
    state,
    ...(reason === undefined ? {} : { stateReason: reason }),
    ...(status.state === state && status.stateTransitionTime !== undefined ? {} : { stateTransitionTime: timestampOf(clock) }),
  };
}

/** What never changes about an instance, told from the first pass on. */
function identityOf(instance: Instance, settings: InstanceSettings): InstanceStatus {
  return {
    instanceId: instanceIdOf(instance),
    ...(instance.spec.networkInterface?.networkInterfaceId === undefined ? { macAddress: macAddressOf(instance) } : {}),
    privateDnsName: `${hostNameOf(instance)}.${INSTANCES_SERVICE}.${instance.metadata.namespace ?? ''}.svc.${settings.clusterDomain}`,
  };
}

/** What is written down when the machine is made, and holds even if the AMI or key pair goes. */
function launchFactsOf(instance: Instance, { ami, keyPair }: References, clock: Clock): InstanceStatus {
  const now = timestampOf(clock);
  return {
    imageId: ec2IdOf('ami', ami),
    architecture: ami.spec.architecture,
    ...(ami.spec.platform === undefined ? {} : { platform: ami.spec.platform }),
    ...(keyPair === undefined ? {} : { keyPairId: ec2IdOf('key', keyPair) }),
    rootDeviceName: ami.spec.rootDeviceName,
    rootDeviceType: isRootEphemeral(ami) ? 'instance-store' : 'ebs',
    launchTime: now,
    pendingSince: now,
  };
}

/** Whether it is written down what the machine was made of. */
export function areLaunchFactsKnown({ status }: Instance): boolean {
  return status?.rootDeviceType !== undefined;
}

/** Status of an instance that cannot be launched for now, or whose machine's name is taken. Pure. */
export function refusedStatus(instance: Instance, { reason, message }: Objection, settings: InstanceSettings, clock: Clock): InstanceStatus {
  const status = withState({ ...instance.status, ...identityOf(instance, settings) }, 'pending', undefined, clock);
  return withConditions(
    status,
    [
      { type: InstanceConditions.launchable, status: 'False', reason, message },
      { type: InstanceConditions.ready, status: 'False', reason: 'NotLaunched', message: 'There is no machine yet; see the condition Launchable.' },
    ],
    instance,
    clock,
  );
}

/** What is only so while a machine runs, or is kept from when it did. */
function whereaboutsOf(seen: Seen, region: string): InstanceStatus {
  const { instance, vmi, node, decision, machine } = seen;
  const { status = {}, spec } = instance;
  const zone = node && zoneOfNode(node, region);
  const isUp = decision.state === 'running' && machine.is === 'running';
  const kept = ['running', 'stopping', 'shutting-down'].includes(decision.state) ? { nodeName: status.nodeName, privateIpAddress: status.privateIpAddress } : {};
  const found = isUp ? { nodeName: vmi?.status?.nodeName ?? kept.nodeName, privateIpAddress: addressOf(vmi) ?? kept.privateIpAddress } : kept;
  return defined({ ...found, availabilityZone: (isUp ? zone : undefined) ?? status.availabilityZone ?? spec.placement.availabilityZone });
}

/** Without the fields that are undefined. */
function defined(fields: { [Field in keyof InstanceStatus]: InstanceStatus[Field] | undefined }): InstanceStatus {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function historyOf({ instance, decision, machine }: Seen, clock: Clock): InstanceStatus {
  const { status = {} } = instance;
  const hasBooted = status.hasBooted === true || machine.is === 'running';
  if (decision.state !== 'pending' || status.state !== 'stopped') return { hasBooted };
  return { hasBooted: false, startedFromStopped: true, pendingSince: timestampOf(clock), launchTime: timestampOf(clock) };
}

/** The whole status of an instance with a machine. Pure but for the clock. */
export function statusFrom(seen: Seen, settings: InstanceSettings, clock: Clock): InstanceStatus {
  const { instance, vm, decision, references, publicAddress, reboot, profile } = seen;
  const { nodeName: _node, privateIpAddress: _address, publicIpAddress: _public, reboot: _reboot, iamInstanceProfile: _profile, ...recorded } = instance.status ?? {};
  const status: InstanceStatus = {
    ...recorded,
    ...identityOf(instance, settings),
    ...(references === undefined ? {} : launchFactsOf(instance, references, clock)),
    ...historyOf(seen, clock),
    ...whereaboutsOf(seen, settings.region),
    ...defined({ publicIpAddress: publicAddress.publicIp, macAddress: vm.spec.template.spec?.domain.devices.interfaces?.[0]?.macAddress }),
    instanceType: vm.spec.instancetype?.name ?? instance.spec.instanceType,
    securityGroupIds: securityGroupIdsFrom(vm.spec.template.metadata?.labels),
    ...(vm.metadata?.uid === undefined ? {} : { virtualMachineUid: vm.metadata.uid }),
    ...(reboot === undefined ? {} : { reboot }),
    ...(profile === undefined ? {} : { iamInstanceProfile: profile }),
  };
  const asked = { ...status, conditions: withoutCondition(status.conditions, publicAddress.claim === undefined ? InstanceConditions.publicAddress : '') };
  return withConditions(withState(asked, decision.state, decision.reason, clock), claimsFrom(seen), instance, clock);
}

/** Status of an instance on its way out, or out. Pure but for the clock. */
export function endedStatus(
  instance: Instance,
  state: 'shutting-down' | 'terminated',
  reason: StateReason,
  settings: InstanceSettings,
  clock: Clock,
): InstanceStatus {
  const { nodeName, privateIpAddress, publicIpAddress: _public, privateDnsName: _name, ...recorded } = instance.status ?? {};
  const { privateDnsName, ...identity } = identityOf(instance, settings);
  const isOver = state === 'terminated';
  const status: InstanceStatus = {
    ...recorded,
    ...identity,
    ...defined(isOver ? {} : { nodeName, privateIpAddress, privateDnsName }),
  };
  const message = `The instance is ${state}.`;
  const end = { status: 'False', reason: isOver ? 'Terminated' : 'ShuttingDown', message } as const;
  const unchecked = { status: 'Unknown', reason: 'NotApplicable', message: 'Only running instances are checked.' } as const;
  return withConditions(
    withState(status, state, reason, clock),
    [
      { type: InstanceConditions.placed, status: 'False', reason: 'NotRunning', message: 'An instance that does not run has no node.' },
      { type: InstanceConditions.ready, ...end },
      { type: InstanceConditions.powerStateReached, ...(isOver ? { status: 'True', reason: 'Reached', message } : { status: 'Unknown', reason: 'InProgress', message }) },
      { type: InstanceConditions.systemStatusOk, ...unchecked },
      { type: InstanceConditions.instanceStatusOk, ...unchecked },
    ],
    instance,
    clock,
  );
}

import { ec2IdOf } from '../../api/ec2-id.ts';
import { macAddressFrom, NETWORK_INTERFACE_FINALIZER, NetworkInterfaceConditions, type NetworkInterfaceStatus } from '../../api/network/network-interface.ts';
import { isNotFound } from '../../kubernetes/errors.ts';
import { NetworkInterface, type Instance } from '../../kubernetes/resources.ts';
import type { EventRecord, Write } from '../../kubernetes/write.ts';
import { setCondition } from '../../runtime/conditions.ts';
import type { Outcome, ReconcileContext } from '../../runtime/reconcile.ts';
import { instanceIdOf } from '../instance/identity.ts';
import { isObjection, type Objection } from '../instance/objection.ts';
import { securityGroupIdsFor } from '../instance/security-groups.ts';
import { vpcIdOfSubnet } from '../vpc/find-vpc.ts';
import { instanceOfInterface } from './attached.ts';

/** Gives an interface its id and MAC address, keeps it while an instance has it, and tells which one. */
export async function reconcile(networkInterface: NetworkInterface, context: ReconcileContext): Promise<Outcome<NetworkInterfaceStatus> | undefined> {
  const instance = instanceOfInterface(networkInterface, context.read);
  const held = await hold(networkInterface, instance !== undefined, context.write);
  if (held === undefined) return undefined;
  const { namespace } = networkInterface.metadata;
  const groups = securityGroupIdsFor(networkInterface.spec.securityGroupIds, { namespace, vpcId: vpcIdOfSubnet(networkInterface.spec.subnetId, namespace, context.read) }, context.read);
  return outcomeFor(held, instance, isObjection(groups) ? groups : undefined, context);
}

/** Deletion waits for the instance. Undefined once nothing keeps an interface that is being deleted. */
async function hold(networkInterface: NetworkInterface, isInUse: boolean, write: Write): Promise<NetworkInterface | undefined> {
  const { namespace, name, resourceVersion, finalizers = [], deletionTimestamp } = networkInterface.metadata;
  const isHeld = finalizers.includes(NETWORK_INTERFACE_FINALIZER);
  const isDeleted = deletionTimestamp !== undefined;
  if (isDeleted && !isHeld) return undefined;
  if (isHeld === isInUse || (isInUse && isDeleted)) return networkInterface;
  const others = finalizers.filter((finalizer) => finalizer !== NETWORK_INTERFACE_FINALIZER);
  const patch = { metadata: { resourceVersion, finalizers: isInUse ? [...others, NETWORK_INTERFACE_FINALIZER] : others } };
  const patched = await write.patch(NetworkInterface, { namespace, name }, patch).catch((error: unknown) => {
    if (!isNotFound(error)) throw error; // it went while we looked
    return undefined;
  });
  return isDeleted ? undefined : patched;
}

function outcomeFor(
  networkInterface: NetworkInterface,
  instance: Instance | undefined,
  objection: Objection | undefined,
  { clock }: ReconcileContext,
): Outcome<NetworkInterfaceStatus> {
  const { metadata, status: before } = networkInterface;
  const observedGeneration = metadata.generation ?? 0;
  const instanceId = instance && instanceIdOf(instance);
  const verdict = objection === undefined
    ? ({ status: 'True', reason: instance === undefined ? 'Available' : 'InUse', message: instance === undefined ? 'An instance can be launched with the interface.' : `Instance ${instanceId ?? ''} has the interface.` } as const)
    : ({ status: 'False', ...objection } as const);
  const address = instance?.status?.privateIpAddress;
  const status: NetworkInterfaceStatus = {
    networkInterfaceId: ec2IdOf('eni', networkInterface),
    status: instance === undefined ? 'available' : 'in-use',
    macAddress: macAddressFrom(metadata.uid ?? metadata.name),
    ...(instanceId === undefined ? {} : { instanceId, attachTime: attachTimeOf(instance) }),
    ...(address === undefined ? {} : { privateIpAddress: address }),
    observedGeneration,
    conditions: setCondition(before?.conditions, { type: NetworkInterfaceConditions.ready, ...verdict, observedGeneration }, clock),
  };
  return { status, events: eventsFrom(before, status) };
}

/** An interface is attached for as long as its instance exists. */
function attachTimeOf(instance: Instance | undefined): string {
  return instance?.metadata.creationTimestamp ?? new Date(0).toISOString();
}

function eventsFrom(before: NetworkInterfaceStatus | undefined, after: NetworkInterfaceStatus): EventRecord[] {
  if (before?.instanceId === after.instanceId) return [];
  if (after.instanceId !== undefined) return [{ type: 'Normal', reason: 'Attached', message: `Instance ${after.instanceId} has the interface.` }];
  return [{ type: 'Normal', reason: 'Detached', message: `Instance ${before?.instanceId ?? ''} has ended; the interface is available.` }];
}

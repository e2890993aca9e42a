import { isAlreadyExists, isForbidden, isInvalid } from '../../kubernetes/errors.ts';
import { VirtualMachine, type Instance } from '../../kubernetes/resources.ts';
import type { ReconcileContext } from '../../runtime/reconcile.ts';
import { devicesFor } from './devices.ts';
import { dhcpSettingsOf } from './dhcp.ts';
import { machineKeyOf } from './identity.ts';
import { prepareUserData } from './prepare-user-data.ts';
import { prepareVolumes } from './prepare-volumes.ts';
import { isObjection, type Objection } from './objection.ts';
import type { References } from './references.ts';
import { switchSubnetOf } from './kube-ovn-port.ts';
import { placementConstraintFor } from './placement-constraint.ts';
import type { InstanceSettings } from './settings.ts';
import { virtualMachineFor } from './virtual-machine.ts';
import { zoneConstraintFor } from './zone-constraint.ts';

/** Whether the machine is the instance's own, not another of the same name. */
export function isMachineOf(vm: VirtualMachine, instance: Instance): boolean {
  return (vm.metadata?.ownerReferences ?? []).some(({ uid }) => uid === instance.metadata.uid);
}

/** What is said about a VirtualMachine of that name which is somebody else's. */
export function nameTaken(instance: Instance): Objection {
  const { name } = machineKeyOf(instance);
  return { reason: 'NameTaken', message: `a VirtualMachine ${name} exists that is not of this Instance; remove it, or make the Instance under another name` };
}

/**
 * Makes what the machine needs, then the machine. Everything has a name that follows from the Instance, so that a pass after a crash finds what an
 * earlier one made.
 */
export async function launch(
  instance: Instance,
  references: References,
  context: ReconcileContext,
  settings: InstanceSettings,
): Promise<VirtualMachine | Objection> {
  const { read, live, write } = context;
  const { ami, instanceStorage, keyPair, securityGroupIds, networkInterface, placementGroup, place } = references;
  const userData = await prepareUserData(instance, context, ami.spec.userDataFormat);
  if (userData !== undefined && isObjection(userData)) return userData;
  const devices = devicesFor(instance, ami, instanceStorage);
  const volumeObjection = await prepareVolumes(instance, devices, context, settings);
  if (volumeObjection !== undefined) return volumeObjection;
  const switchSubnet = settings.networkProvider === 'kube-ovn' ? switchSubnetOf(instance, place, read) : undefined;
  const wanted = virtualMachineFor({
    instance,
    ami,
    devices,
    securityGroupIds,
    networkInterface,
    keySecretName: keyPair?.status?.secretName,
    userData,
    vpcId: place.vpcId,
    switchSubnet,
    dhcp: dhcpSettingsOf(place.vpcId, instance.metadata.namespace, read),
    zone: zoneConstraintFor(instance.spec.placement.availabilityZone ?? (switchSubnet ?? place.subnet)?.spec.availabilityZone, read, settings.region),
    placement: placementConstraintFor(instance, placementGroup, read),
  });
  try {
    return await write.create(VirtualMachine, wanted);
  } catch (error) {
    if (isInvalid(error) || isForbidden(error)) return { reason: 'MachineRefused', message: `the machine cannot be made: ${error.message}` };
    if (!isAlreadyExists(error)) throw error;
    // The cache has not shown it yet: it may be the work of an earlier pass, or somebody else's.
    const existing = await live.fetch(VirtualMachine, machineKeyOf(instance));
    if (existing === undefined) throw error;
    return isMachineOf(existing, instance) ? existing : nameTaken(instance);
  }
}

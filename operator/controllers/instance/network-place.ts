import type { Read } from '../../kubernetes/read.ts';
import type { Instance, Subnet } from '../../kubernetes/resources.ts';
import { interfaceOfInstance } from '../network-interface/attached.ts';
import { findSubnet, vpcIdOfSubnet } from '../vpc/find-vpc.ts';
import type { Objection } from './objection.ts';

/** Where an instance is in the network. */
export interface NetworkPlace {
  /** The subnet that it or its interface names; without one it is in the default subnet of whatever zone it gets. */
  subnet: Subnet | undefined;
  /** Its VPC; undefined in a namespace without a default one. */
  vpcId: string | undefined;
}

function subnetReferenceOf(instance: Instance, read: Read): string | undefined {
  return instance.spec.subnetId ?? interfaceOfInstance(instance, read)?.spec.subnetId;
}

/** Where an instance is: in the VPC of the subnet that it or its interface names, else in the default one. */
export function networkPlaceOf(instance: Instance, read: Read): NetworkPlace {
  const { namespace } = instance.metadata;
  const reference = subnetReferenceOf(instance, read);
  return { subnet: reference === undefined ? undefined : findSubnet(reference, namespace, read), vpcId: vpcIdOfSubnet(reference, namespace, read) };
}

/** Why an instance cannot be in the subnet that it names. */
export function objectionToPlace(instance: Instance, read: Read): Objection | undefined {
  const reference = subnetReferenceOf(instance, read);
  if (reference === undefined) return undefined;
  const { subnet } = networkPlaceOf(instance, read);
  if (subnet === undefined) return { reason: 'SubnetNotFound', message: `subnet ${reference} does not exist in this namespace` };
  if (subnet.status?.state !== 'available') {
    return { reason: 'SubnetNotAvailable', message: `subnet ${reference} is not available: ${subnet.status?.conditions?.[0]?.message ?? 'it is not reconciled yet'}` };
  }
  const ofInterface = interfaceOfInstance(instance, read)?.spec.subnetId;
  if (ofInterface !== undefined && findSubnet(ofInterface, instance.metadata.namespace, read) !== subnet) {
    return { reason: 'SubnetOfOtherInterface', message: `the network interface is in subnet ${ofInterface}, not in ${reference}` };
  }
  const { availabilityZone: zone } = instance.spec.placement;
  if (zone === undefined || zone === subnet.spec.availabilityZone) return undefined;
  return { reason: 'SubnetOfOtherZone', message: `subnet ${reference} is in ${subnet.spec.availabilityZone}, not in ${zone}` };
}

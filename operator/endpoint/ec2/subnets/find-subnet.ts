import { ec2IdOf, isEc2Id } from '../../../api/ec2-id.ts';
import type { Read } from '../../../kubernetes/read.ts';
import { Subnet, type Instance, type Vpc } from '../../../kubernetes/resources.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { IdKinds, requireOne } from '../ids.ts';
import { subnetsById, subnetsByVpc, withinNamespace } from '../indexes.ts';
import { launchedWith } from '../network-interfaces/find-interface.ts';
import { defaultVpcIdOf, defaultVpcOf, vpcIdOf } from '../vpcs/find-vpc.ts';

type Lookup = Pick<ReadOnlyContext, 'read' | 'caller'>;

/** Where an instance is in the network; absent as long as it is not known (no zone yet, or an account without a default VPC). */
export interface NetworkPlace {
  vpcId?: string;
  subnetId?: string;
}

/** A subnet by name of the object or by id. */
export function findSubnet(reference: string, namespace: string | undefined, read: Read): Subnet | undefined {
  return read.byIndex(subnetsById, withinNamespace(namespace, reference))[0] ?? read.get(Subnet, { namespace, name: reference });
}

/** @throws AwsError InvalidSubnetID.Malformed, InvalidSubnetID.NotFound */
export function requireSubnet(subnetId: string, { read, caller }: Lookup): Subnet {
  return requireOne(IdKinds.subnet, subnetId, (id) => read.byIndex(subnetsById, withinNamespace(caller.namespace, id))[0]);
}

/** Subnets of a VPC, whether their specs name it by name or by id. */
export function subnetsOf(vpc: Vpc, read: Read): Subnet[] {
  const { namespace, name } = vpc.metadata;
  const references = new Set([name, ec2IdOf('vpc', vpc)]);
  return [...references].flatMap((reference) => read.byIndex(subnetsByVpc, withinNamespace(namespace, reference)));
}

/** The default subnet of a zone, in the default VPC: of several the oldest. */
export function defaultSubnetOf(zone: string, namespace: string | undefined, read: Read): Subnet | undefined {
  const vpc = defaultVpcOf(read, namespace);
  if (!vpc) return undefined;
  const candidates = subnetsOf(vpc, read).filter(({ spec }) => spec.defaultForAz && spec.availabilityZone === zone);
  return candidates.sort((left, right) => (ageKey(left) < ageKey(right) ? -1 : 1))[0];
}

/** Id of the VPC that a subnet is a part of. */
export function vpcIdOfSubnet({ metadata, spec }: Subnet, read: Read): string {
  return vpcIdOf(spec.vpcId, metadata.namespace, read) ?? spec.vpcId;
}

/** Where an instance is: in the subnet that it or its network interface names, else in the default subnet of its zone. */
export function networkPlaceOf(instance: Instance, read: Read): NetworkPlace {
  const { metadata, spec, status } = instance;
  const { namespace } = metadata;
  const reference = subnetReferenceOf(instance, read);
  if (reference !== undefined) {
    const subnet = findSubnet(reference, namespace, read);
    if (subnet) return placeIn(subnet, read);
    return isEc2Id('subnet', reference) ? { subnetId: reference } : {};
  }
  const zone = status?.availabilityZone ?? spec.placement.availabilityZone;
  const subnet = zone === undefined ? undefined : defaultSubnetOf(zone, namespace, read);
  if (subnet) return placeIn(subnet, read);
  const vpcId = defaultVpcIdOf(read, namespace);
  return vpcId === undefined ? {} : { vpcId };
}

/** Finds the places of many instances: looks each subnet up once. For the time of one request only. */
export function networkPlaceLookup(read: Read): (instance: Instance) => NetworkPlace {
  const places = new Map<string, NetworkPlace>();
  return (instance) => {
    const { metadata, spec, status } = instance;
    const key = JSON.stringify([metadata.namespace, subnetReferenceOf(instance, read), status?.availabilityZone ?? spec.placement.availabilityZone]);
    const known = places.get(key) ?? networkPlaceOf(instance, read);
    places.set(key, known);
    return known;
  };
}

function subnetReferenceOf(instance: Instance, read: Read): string | undefined {
  return instance.spec.subnetId ?? launchedWith(instance, read)?.spec.subnetId;
}

function placeIn(subnet: Subnet, read: Read): NetworkPlace {
  return { vpcId: vpcIdOfSubnet(subnet, read), subnetId: ec2IdOf('subnet', subnet) };
}

function ageKey({ metadata }: Subnet): string {
  return `${metadata.creationTimestamp ?? ''}/${metadata.name}`;
}

import { ec2IdOf } from '../../api/ec2-id.ts';
import { defineIndex, type Read } from '../../kubernetes/read.ts';
import { Instance, NatGateway, NetworkInterface, Subnet } from '../../kubernetes/resources.ts';
import { byAge } from '../by-age.ts';
import { defaultVpcOf, findVpc, subnetsOf } from '../vpc/find-vpc.ts';

/** Deleted subnets by namespace. */
export const deletedSubnets = defineIndex(Subnet, 'controllers.deleted', ({ metadata }) => (metadata.deletionTimestamp === undefined ? [] : [metadata.namespace ?? '']));

/** The names of instances, network interfaces and NAT gateways that are in a subnet. */
export function membersOf(subnet: Subnet, read: Read): string[] {
  const { namespace, name } = subnet.metadata;
  const references = [name, ec2IdOf('subnet', subnet)];
  const isDefault = isDefaultOfZone(subnet, read);
  const instances = read.list(Instance, namespace).filter(({ spec, status }) => {
    if (status?.state === 'terminated') return false;
    if (spec.subnetId !== undefined) return references.includes(spec.subnetId);
    return isDefault && (status?.availabilityZone ?? spec.placement.availabilityZone) === subnet.spec.availabilityZone;
  });
  const interfaces = read.list(NetworkInterface, namespace).filter(({ spec }) => spec.subnetId !== undefined && references.includes(spec.subnetId));
  const natGateways = read.list(NatGateway, namespace).filter(({ spec }) => references.includes(spec.subnetId));
  return [...instances, ...interfaces, ...natGateways].map(({ metadata }) => metadata.name);
}

/** Whether instances of its zone that name no subnet are in it. */
function isDefaultOfZone(subnet: Subnet, read: Read): boolean {
  const { namespace, uid } = subnet.metadata;
  const vpc = findVpc(subnet.spec.vpcId, namespace, read);
  if (vpc === undefined || vpc.metadata.uid !== defaultVpcOf(namespace, read)?.metadata.uid) return false;
  const first = subnetsOf(vpc, read)
    .filter(({ spec }) => spec.defaultForAz && spec.availabilityZone === subnet.spec.availabilityZone)
    .sort(byAge)[0];
  return first?.metadata.uid === uid;
}

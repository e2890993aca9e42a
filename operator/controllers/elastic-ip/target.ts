import { ec2IdOf } from '../../api/ec2-id.ts';
import { holderAmong } from '../../api/network/elastic-ip.ts';
import { ownInterfaceIdOf } from '../../api/network/network-interface.ts';
import type { Read } from '../../kubernetes/read.ts';
import { ElasticIp, Instance, NatGateway, type NetworkInterface } from '../../kubernetes/resources.ts';
import { instanceOfInterface, interfaceOfInstance, networkInterfaceOf } from '../network-interface/attached.ts';
import { instancesByMachine, instancesByOwnInterface } from '../instance/indexes.ts';

/** What an ElasticIp is to be associated with, found. */
export interface Target {
  /** EC2 id, eni-...; undefined for a NAT gateway. */
  interfaceId: string | undefined;
  /** EC2 id of the NAT gateway that it is. */
  natGatewayId?: string;
  /** The interface, if it is an object of its own. */
  networkInterface: NetworkInterface | undefined;
  /** The instance that has the interface. */
  instance: Instance | undefined;
}

function ofNamespace(objects: readonly Instance[], namespace: string | undefined): Instance | undefined {
  return objects.find(({ metadata }) => metadata.namespace === namespace);
}

function targetOfInstance(instance: Instance, read: Read): Target {
  const networkInterface = interfaceOfInstance(instance, read);
  return { instance, networkInterface, interfaceId: networkInterface === undefined ? ownInterfaceIdOf(instance) : ec2IdOf('eni', networkInterface) };
}

function targetOfNat(reference: string, namespace: string | undefined, read: Read): Target | undefined {
  const natGateway = read.list(NatGateway, namespace).find((candidate) => candidate.metadata.name === reference || ec2IdOf('nat', candidate) === reference);
  return natGateway && { natGatewayId: ec2IdOf('nat', natGateway), interfaceId: undefined, instance: undefined, networkInterface: undefined };
}

/** What the association of an ElasticIp means; undefined if there is no such thing. */
export function targetOf({ metadata, spec }: ElasticIp, read: Read): Target | undefined {
  const { namespace } = metadata;
  const { instanceId, networkInterfaceId, natGatewayId } = spec.association ?? {};
  if (natGatewayId !== undefined) return targetOfNat(natGatewayId, namespace, read);
  if (instanceId !== undefined) {
    const instance = read.get(Instance, { namespace, name: instanceId }) ?? ofNamespace(read.byIndex(instancesByMachine, instanceId), namespace);
    return instance && targetOfInstance(instance, read);
  }
  if (networkInterfaceId === undefined) return undefined;
  const networkInterface = networkInterfaceOf(networkInterfaceId, namespace, read);
  if (networkInterface !== undefined) {
    return { networkInterface, instance: instanceOfInterface(networkInterface, read), interfaceId: ec2IdOf('eni', networkInterface) };
  }
  const instance = ofNamespace(read.byIndex(instancesByOwnInterface, networkInterfaceId), namespace);
  return instance && { instance, networkInterface: undefined, interfaceId: networkInterfaceId };
}

/** Whether an instance is over, so that what it had is free again. */
export function isOver({ metadata, status }: Instance): boolean {
  return metadata.deletionTimestamp !== undefined || status?.state === 'terminated' || status?.state === 'shutting-down';
}

/** The ElasticIp that the interface or NAT gateway has, of all that claim it. */
export function holderOf({ interfaceId, natGatewayId }: Target, namespace: string | undefined, read: Read): ElasticIp | undefined {
  const isSame = (other: Target | undefined): boolean => other !== undefined && other.interfaceId === interfaceId && other.natGatewayId === natGatewayId;
  const isClaimant = (elasticIp: ElasticIp): boolean =>
    elasticIp.metadata.deletionTimestamp === undefined && isSame(targetOf(elasticIp, read));
  return holderAmong(read.list(ElasticIp, namespace).filter(isClaimant));
}

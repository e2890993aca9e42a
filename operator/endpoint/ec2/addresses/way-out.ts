import { ec2IdOf } from '../../../api/ec2-id.ts';
import type { Read } from '../../../kubernetes/read.ts';
import { ElasticIp, Instance, type Vpc } from '../../../kubernetes/resources.ts';
import { AwsError } from '../../errors.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { gatewayOfVpc } from '../internet-gateways/find-gateway.ts';
import { natGatewaysOf } from '../nat-gateways/find-nat-gateway.ts';
import type { FoundInterface } from '../network-interfaces/find-interface.ts';
import { findSubnet, networkPlaceLookup, networkPlaceOf, vpcIdOfSubnet } from '../subnets/find-subnet.ts';
import { defaultVpcIdOf, findVpc } from '../vpcs/find-vpc.ts';
import { associationsIn } from './associations.ts';

type Lookup = Pick<ReadOnlyContext, 'read' | 'caller'>;

/** Whether public addresses get into a VPC by its internet gateway only. On the pod network a load balancer leads them, gateway or not. */
function needsGateway(vpc: Vpc): boolean {
  return vpc.status?.networkProvider === 'kube-ovn';
}

/** @throws AwsError Gateway.NotAttached - a public address would lead nowhere */
export function requireGatewayFor(target: FoundInterface, { read, caller }: Lookup): void {
  const vpc = findVpc(vpcIdOf(target, caller.namespace, read) ?? '', caller.namespace, read);
  if (vpc === undefined || !needsGateway(vpc) || gatewayOfVpc(vpc, read) !== undefined) return;
  throw new AwsError('Gateway.NotAttached', `Network ${ec2IdOf('vpc', vpc)} is not attached to any internet gateway`);
}

/** @throws AwsError DependencyViolation - instances of the VPC have public addresses, which would lead nowhere without its gateway */
export function requireNoPublicAddresses(vpc: Vpc, { read, caller }: Lookup): void {
  if (!needsGateway(vpc)) return;
  const vpcId = ec2IdOf('vpc', vpc);
  const associations = associationsIn(caller.namespace, read);
  const targets = read.list(ElasticIp, caller.namespace).flatMap((elasticIp) => associations.of(elasticIp)?.target ?? []);
  const placeOf = networkPlaceLookup(read);
  const isMapped =
    natGatewaysOf(vpc, read).length > 0 ||
    targets.some((target) => vpcIdOf(target, caller.namespace, read) === vpcId) ||
    read.list(Instance, caller.namespace).some((instance) => instance.status?.publicIpAddress !== undefined && placeOf(instance).vpcId === vpcId);
  if (!isMapped) return;
  const message = `Network ${vpcId} has some mapped public address(es). Please unmap those public address(es) before detaching the gateway.`;
  throw new AwsError('DependencyViolation', message);
}

function vpcIdOf(target: FoundInterface, namespace: string, read: Read): string | undefined {
  if (target.networkInterface === undefined) return networkPlaceOf(target.instance, read).vpcId;
  const { subnetId } = target.networkInterface.spec;
  const subnet = subnetId === undefined ? undefined : findSubnet(subnetId, namespace, read);
  return subnet === undefined ? defaultVpcIdOf(read, namespace) : vpcIdOfSubnet(subnet, read);
}

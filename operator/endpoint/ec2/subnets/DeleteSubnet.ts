import type { DeleteSubnetRequest } from '@aws-sdk/client-ec2';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import { Instance, NatGateway, NetworkInterface, type Subnet } from '../../../kubernetes/resources.ts';
import { missingParameter } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { shownStateOf } from '../instances/shown-state.ts';
import { hasDependencies, removeNetworkObject } from '../network-object.ts';
import { networkPlaceLookup, requireSubnet } from './find-subnet.ts';
import { subnetKind } from './subnet-kind.ts';

/**
 * Removes a subnet that has neither instances nor network interfaces nor NAT gateways.
 * @throws AwsError MissingParameter, InvalidSubnetID.Malformed, InvalidSubnetID.NotFound, DependencyViolation
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteSubnet.html
 */
export async function deleteSubnet({ SubnetId }: DeleteSubnetRequest, context: OperationContext): Promise<void> {
  if (!SubnetId) throw missingParameter('SubnetId');
  const subnet = requireSubnet(SubnetId, context);
  if (isUsed(subnet, context)) throw hasDependencies('subnet', SubnetId);
  await removeNetworkObject(subnetKind, subnet, context.write);
}

function isUsed(subnet: Subnet, { read, caller }: OperationContext): boolean {
  const id = ec2IdOf('subnet', subnet);
  const placeOf = networkPlaceLookup(read);
  const isThere = (instance: Instance): boolean => shownStateOf(instance) !== 'terminated' && placeOf(instance).subnetId === id;
  const names = [id, subnet.metadata.name];
  return (
    read.list(Instance, caller.namespace).some(isThere) ||
    read.list(NatGateway, caller.namespace).some(({ spec }) => names.includes(spec.subnetId)) ||
    read.list(NetworkInterface, caller.namespace).some(({ spec }) => spec.subnetId !== undefined && names.includes(spec.subnetId))
  );
}

import { ec2IdOf } from '../../../api/ec2-id.ts';
import { isNotFound } from '../../../kubernetes/errors.ts';
import { NetworkInterface } from '../../../kubernetes/resources.ts';
import { AwsError } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { IdKinds, requireEach } from '../ids.ts';
import { securityGroupsById, withinNamespace } from '../indexes.ts';
import { changeSpec } from '../instances/change-instance.ts';
import { findSubnet, networkPlaceOf, vpcIdOfSubnet } from '../subnets/find-subnet.ts';
import { defaultVpcIdOf, vpcIdOf } from '../vpcs/find-vpc.ts';
import type { FoundInterface } from './find-interface.ts';

/** What of an interface can be changed at any time. */
export interface InterfaceChange {
  securityGroupIds?: string[];
  description?: string;
  sourceDestCheck?: boolean;
}

/** What a NetworkInterface takes. */
const SECURITY_GROUPS_LIMIT = 16;

/**
 * Changes an interface: an object of its own there, the own one of an instance in the Instance.
 * @throws AwsError InvalidNetworkInterfaceID.NotFound, InvalidInstanceID.NotFound - if it went away meanwhile
 */
export async function changeInterface({ id, networkInterface, instance }: FoundInterface, change: InterfaceChange, { write }: Pick<OperationContext, 'write'>): Promise<void> {
  if (!networkInterface) {
    const { description, ...ofInstance } = change;
    await changeSpec(instance, { ...ofInstance, ...(description !== undefined && { networkInterface: { description } }) }, write);
    return;
  }
  const { namespace, name, uid } = networkInterface.metadata;
  await write.patch(NetworkInterface, { namespace, name }, { metadata: { uid }, spec: { ...change } }).catch((error: unknown) => {
    throw isNotFound(error) ? new AwsError(IdKinds.networkInterface.notFoundCode, IdKinds.networkInterface.notFound([id]), { cause: error }) : error;
  });
}

/**
 * Ids of security groups for an interface.
 * @throws AwsError InvalidGroupId.Malformed, InvalidGroup.NotFound, InvalidParameterValue - a group of another VPC, SecurityGroupsPerInterfaceLimitExceeded
 */
export function interfaceGroupIds(ids: readonly string[], vpcId: string | undefined, { read, caller }: Pick<OperationContext, 'read' | 'caller'>): string[] {
  const groups = requireEach(IdKinds.securityGroup, ids, (id) => read.byIndex(securityGroupsById, withinNamespace(caller.namespace, id))[0]);
  const foreign = groups.find(({ spec }) => vpcIdOf(spec.vpcId, caller.namespace, read) !== vpcId);
  if (foreign) throw new AwsError('InvalidParameterValue', `You have specified two resources that belong to different networks: the security group ${ec2IdOf('sg', foreign)} is not of ${vpcId ?? 'the default VPC'}.`);
  if (groups.length > SECURITY_GROUPS_LIMIT) {
    throw new AwsError('SecurityGroupsPerInterfaceLimitExceeded', `The maximum number of security groups per interface is ${SECURITY_GROUPS_LIMIT}.`);
  }
  return groups.map((group) => ec2IdOf('sg', group));
}

/** The VPC that an interface is in. */
export function vpcIdOfInterface({ networkInterface, instance }: FoundInterface, { read, caller }: Pick<OperationContext, 'read' | 'caller'>): string | undefined {
  if (instance) return networkPlaceOf(instance, read).vpcId;
  const reference = networkInterface?.spec.subnetId;
  const subnet = reference === undefined ? undefined : findSubnet(reference, caller.namespace, read);
  return subnet ? vpcIdOfSubnet(subnet, read) : defaultVpcIdOf(read, caller.namespace);
}

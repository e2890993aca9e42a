import type { RunInstancesRequest } from '@aws-sdk/client-ec2';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import { Vpc, type SecurityGroup, type Subnet } from '../../../kubernetes/resources.ts';
import { AwsError } from '../../errors.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { IdKinds, requireEach } from '../ids.ts';
import { accountOf, securityGroupsById, securityGroupsByName, withinNamespace } from '../indexes.ts';
import { defaultSubnetOf, requireSubnet, vpcIdOfSubnet } from '../subnets/find-subnet.ts';
import { defaultVpcIdOf, requireDefaultVpc, vpcIdOf } from '../vpcs/find-vpc.ts';

type Lookup = Pick<ReadOnlyContext, 'read' | 'caller'>;

/** Where a launch goes. */
export interface LaunchNetwork {
  /** The subnet that it names, at its top or in its network interface. */
  subnet: Subnet | undefined;
  /** Undefined in a namespace that has no VPC at all: one that no controller has seen to. */
  vpcId: string | undefined;
  /** Whether instances that name no subnet may be in the zone; those of the default VPC need a default subnet there. */
  isOpen(zone: string): boolean;
}

/** What the Instance resource takes. */
const SECURITY_GROUPS_LIMIT = 16;

/**
 * The network of a launch.
 * @throws AwsError InvalidSubnetID.Malformed, InvalidSubnetID.NotFound, InvalidSubnet - a subnet that is not available, VPCIdNotSpecified
 */
export function launchNetworkFor(input: RunInstancesRequest, context: Lookup): LaunchNetwork {
  const { read, caller } = context;
  const subnetId = [input.SubnetId, input.NetworkInterfaces?.[0]?.SubnetId].find(Boolean);
  if (subnetId !== undefined) {
    const subnet = requireSubnet(subnetId, context);
    // Not seen by its controller yet it is taken: the instance waits for it.
    if (subnet.status?.conditions?.some(({ status }) => status === 'False')) throw new AwsError('InvalidSubnet', `The subnet '${subnetId}' is not available.`);
    return { subnet, vpcId: vpcIdOfSubnet(subnet, read), isOpen: (zone) => zone === subnet.spec.availabilityZone };
  }
  const hasNetwork = accountOf(read, caller.accountId)?.status?.isDefaultVpcMade === true || read.list(Vpc, caller.namespace).length > 0;
  if (!hasNetwork) return { subnet: undefined, vpcId: undefined, isOpen: () => true };
  const vpcId = ec2IdOf('vpc', requireDefaultVpc(context));
  return { subnet: undefined, vpcId, isOpen: (zone) => defaultSubnetOf(zone, caller.namespace, read) !== undefined };
}

/** EC2's refusal of a zone in which nothing can be launched without a subnet. */
export function noDefaultSubnet(zone: string | undefined, { read, caller }: Lookup): AwsError {
  const vpcId = defaultVpcIdOf(read, caller.namespace) ?? '';
  if (zone === undefined) return new AwsError('MissingInput', `No subnets found for the default VPC '${vpcId}'. Please specify a subnet.`);
  return new AwsError('MissingInput', `No default subnet for availability zone: '${zone}'.`);
}

/**
 * The security groups of a launch.
 * @throws AwsError InvalidGroupId.Malformed, InvalidGroup.NotFound, InvalidParameter - a group of another VPC, InvalidParameterCombination - names
 *   together with a subnet, SecurityGroupsPerInstanceLimitExceeded
 */
export function securityGroupIdsFor(input: RunInstancesRequest, { subnet, vpcId }: LaunchNetwork, { read, caller }: Lookup): string[] {
  // At most one of the two has any: launch-refusals.ts sees to that. An empty list says nothing.
  const ids = [...(input.SecurityGroupIds ?? []), ...(input.NetworkInterfaces?.[0]?.Groups ?? [])].filter(Boolean);
  const names = [...new Set(input.SecurityGroups ?? [])].filter(Boolean);
  if (names.length > 0 && subnet) throw new AwsError('InvalidParameterCombination', 'The parameter groupName cannot be used with the parameter subnet');
  const isHere = (group: SecurityGroup): boolean => vpcIdOf(group.spec.vpcId, caller.namespace, read) === vpcId;
  const byId = requireEach(IdKinds.securityGroup, ids, (id) => read.byIndex(securityGroupsById, withinNamespace(caller.namespace, id))[0]);
  const foreign = byId.find((group) => !isHere(group));
  if (foreign) throw otherNetwork(foreign, subnet);
  const byName = names.map((name) => {
    const group = read.byIndex(securityGroupsByName, withinNamespace(caller.namespace, name)).find(isHere);
    if (!group) throw new AwsError(IdKinds.securityGroup.notFoundCode, IdKinds.securityGroup.notFound([name]));
    return group;
  });
  const found = [...new Set([...byId, ...byName].map((group) => ec2IdOf('sg', group)))];
  if (found.length > SECURITY_GROUPS_LIMIT) {
    throw new AwsError('SecurityGroupsPerInstanceLimitExceeded', `The maximum number of security groups per instance is ${SECURITY_GROUPS_LIMIT}.`);
  }
  return found;
}

function otherNetwork(group: SecurityGroup, subnet: Subnet | undefined): AwsError {
  const place = subnet ? `subnet ${ec2IdOf('subnet', subnet)}` : 'the default VPC';
  return new AwsError('InvalidParameter', `Security group ${ec2IdOf('sg', group)} and ${place} belong to different networks.`);
}

import type { DeleteVpcRequest } from '@aws-sdk/client-ec2';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import { DEFAULT_SECURITY_GROUP_NAME, securityGroupNameOf } from '../../../api/network/security-group.ts';
import { InternetGateway, RouteTable, SecurityGroup, type Vpc } from '../../../kubernetes/resources.ts';
import { missingParameter } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { hasDependencies, removeNetworkObject } from '../network-object.ts';
import { mainRouteTableOf } from '../route-tables/find-route-table.ts';
import { subnetsOf } from '../subnets/find-subnet.ts';
import { requireVpc, vpcIdOf } from './find-vpc.ts';
import { vpcKind } from './vpc-kind.ts';

/**
 * Removes a VPC with what came with it. Subnets, gateways, further route tables and security groups stand in the way, as on EC2.
 * @throws AwsError MissingParameter, InvalidVpcID.Malformed, InvalidVpcID.NotFound, DependencyViolation
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteVpc.html
 */
export async function deleteVpc({ VpcId }: DeleteVpcRequest, context: OperationContext): Promise<void> {
  if (!VpcId) throw missingParameter('VpcId');
  const vpc = requireVpc(VpcId, context);
  const { groups, others } = contentOf(vpc, context);
  if (others > 0) throw hasDependencies('vpc', VpcId);
  await removeNetworkObject(vpcKind, vpc, context.write);
  // What the operator made for the VPC goes with it; the default group of an account's first VPC is older than that.
  for (const group of groups) await removeNetworkObject({ type: SecurityGroup }, group, context.write);
}

function contentOf(vpc: Vpc, { read }: OperationContext): { groups: SecurityGroup[]; others: number } {
  const { namespace } = vpc.metadata;
  const id = ec2IdOf('vpc', vpc);
  const isHere = (reference: string | undefined): boolean => vpcIdOf(reference, namespace, read) === id;
  const main = mainRouteTableOf(vpc, read);
  const tables = read.list(RouteTable, namespace).filter((table) => isHere(table.spec.vpcId) && table !== main && !isOwnedBy(vpc, table));
  const gateways = read.list(InternetGateway, namespace).filter(({ spec }) => spec.vpcId !== undefined && isHere(spec.vpcId));
  const all = read.list(SecurityGroup, namespace).filter(({ spec }) => isHere(spec.vpcId));
  const groups = all.filter((group) => securityGroupNameOf(group) === DEFAULT_SECURITY_GROUP_NAME);
  return { groups, others: subnetsOf(vpc, read).length + tables.length + gateways.length + all.length - groups.length };
}

function isOwnedBy(vpc: Vpc, { metadata }: RouteTable): boolean {
  return (metadata.ownerReferences ?? []).some(({ uid }) => uid === vpc.metadata.uid);
}

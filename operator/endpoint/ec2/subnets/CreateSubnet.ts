import type { CreateSubnetRequest, CreateSubnetResult } from '@aws-sdk/client-ec2';
import { blockFrom, cidrOf, contains, doOverlap, type Block } from '../../../api/network/cidr.ts';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import { SubnetDefinition } from '../../../api/network/subnet.ts';
import { Subnet, type Vpc } from '../../../kubernetes/resources.ts';
import { AwsError, missingParameter } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { IdKinds } from '../ids.ts';
import { inTurn } from '../in-turn.ts';
import { invalidRange, refuseUnsupported, requestedBlock } from '../network-blocks.ts';
import { newIdOf } from '../network-object.ts';
import { tagsFromSpecifications } from '../tag-specifications.ts';
import { requireVpc } from '../vpcs/find-vpc.ts';
import { subnetsOf } from './find-subnet.ts';
import { subnetViewer } from './sdk-subnet.ts';
import { zoneForSubnet } from './subnet-zone.ts';

/** EC2's own. */
const SUBNETS_LIMIT = 200;

/**
 * Makes a subnet.
 * @throws AwsError MissingParameter, InvalidParameterValue, InvalidVpcID.*, InvalidSubnet.Range, InvalidSubnet.Conflict, SubnetLimitExceeded,
 *   UnsupportedOperation
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSubnet.html
 */
export async function createSubnet(input: CreateSubnetRequest, context: OperationContext): Promise<CreateSubnetResult> {
  if (!input.VpcId) throw missingParameter('VpcId');
  refuseUnsupported({
    'IPv6 blocks are': input.Ipv6CidrBlock ?? input.Ipv6Native ?? input.Ipv6IpamPoolId,
    'IPAM pools are': input.Ipv4IpamPoolId,
    'Outposts are': input.OutpostArn,
  });
  const vpc = requireVpc(input.VpcId, context);
  const block = requestedBlock(input.CidrBlock, 'InvalidSubnet.Range');
  const availabilityZone = zoneForSubnet(input, subnetsOf(vpc, context.read), context);
  const tags = tagsFromSpecifications(input.TagSpecifications, 'subnet');
  const spec = SubnetDefinition.spec.parse({ vpcId: ec2IdOf('vpc', vpc), cidrBlock: cidrOf(block), availabilityZone, ...(tags.length > 0 && { tags }) });
  const { caller, write } = context;
  // Two calls for one block take turns, so that the second sees the first one's subnet.
  const created = await inTurn(`subnets/${vpc.metadata.uid ?? vpc.metadata.name}`, async () => {
    requireFree(block, vpc, context);
    const { apiVersion, kind } = SubnetDefinition;
    return write.create(Subnet, { apiVersion, kind, metadata: { name: newIdOf(IdKinds.subnet), namespace: caller.namespace }, spec });
  });
  return { Subnet: subnetViewer(context)(created) };
}

function requireFree(block: Block, vpc: Vpc, { read }: OperationContext): void {
  const cidr = cidrOf(block);
  const isWithin = [vpc.spec.cidrBlock, ...(vpc.spec.moreCidrBlocks ?? [])].some((outer) => {
    const whole = blockFrom(outer);
    return whole !== undefined && contains(whole, block);
  });
  if (!isWithin) throw invalidRange('InvalidSubnet.Range', cidr);
  const subnets = subnetsOf(vpc, read);
  const isTaken = subnets.some(({ spec }) => {
    const other = blockFrom(spec.cidrBlock);
    return other !== undefined && doOverlap(other, block);
  });
  if (isTaken) throw new AwsError('InvalidSubnet.Conflict', `The CIDR '${cidr}' conflicts with another subnet`);
  if (subnets.length >= SUBNETS_LIMIT) throw new AwsError('SubnetLimitExceeded', `The maximum number of subnets per VPC is ${SUBNETS_LIMIT}.`);
}

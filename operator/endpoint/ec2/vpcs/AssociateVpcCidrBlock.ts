import type { AssociateVpcCidrBlockRequest, AssociateVpcCidrBlockResult } from '@aws-sdk/client-ec2';
import { blockFrom, cidrOf, doOverlap } from '../../../api/network/cidr.ts';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import { AwsError, missingParameter } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { invalidRange, refuseUnsupported, requestedBlock } from '../network-blocks.ts';
import { changeNetworkObject } from '../network-object.ts';
import { requireVpc } from './find-vpc.ts';
import { blockAssociationsOf } from './sdk-vpc.ts';
import { vpcKind } from './vpc-kind.ts';

/** EC2's limit beside the first block. */
const MORE_BLOCKS_LIMIT = 4;

/**
 * Adds an IPv4 block to a VPC.
 * @throws AwsError MissingParameter, InvalidParameterValue, InvalidVpc.Range, CidrConflict, CidrLimitExceeded, UnsupportedOperation, InvalidVpcID.*
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AssociateVpcCidrBlock.html
 */
export async function associateVpcCidrBlock(input: AssociateVpcCidrBlockRequest, context: OperationContext): Promise<AssociateVpcCidrBlockResult> {
  if (!input.VpcId) throw missingParameter('VpcId');
  refuseUnsupported({
    'IPv6 blocks are': input.AmazonProvidedIpv6CidrBlock ?? input.Ipv6CidrBlock ?? input.Ipv6Pool ?? input.Ipv6IpamPoolId,
    'IPAM pools are': input.Ipv4IpamPoolId,
  });
  const vpc = requireVpc(input.VpcId, context);
  const cidr = cidrOf(requestedBlock(input.CidrBlock, 'InvalidVpc.Range'));
  const changed = await changeNetworkObject(
    vpcKind,
    vpc,
    ({ spec: { cidrBlock, moreCidrBlocks = [] } }) => {
      const block = blockFrom(cidr);
      if (!block) throw invalidRange('InvalidVpc.Range', cidr);
      const overlaps = [cidrBlock, ...moreCidrBlocks].some((other) => doOverlap(block, blockFrom(other) ?? block));
      if (overlaps) throw new AwsError('CidrConflict', `The CIDR '${cidr}' conflicts with another CIDR block of the VPC`);
      if (moreCidrBlocks.length >= MORE_BLOCKS_LIMIT) throw new AwsError('CidrLimitExceeded', `The maximum number of CIDR blocks for the VPC is ${MORE_BLOCKS_LIMIT + 1}.`);
      return { moreCidrBlocks: [...moreCidrBlocks, cidr] };
    },
    context.write,
  );
  const association = blockAssociationsOf(changed).find(({ CidrBlock }) => CidrBlock === cidr);
  return { VpcId: ec2IdOf('vpc', vpc), ...(association && { CidrBlockAssociation: association }) };
}

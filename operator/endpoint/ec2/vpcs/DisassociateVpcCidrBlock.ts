import type { DisassociateVpcCidrBlockRequest, DisassociateVpcCidrBlockResult } from '@aws-sdk/client-ec2';
import { blockFrom, contains, type Block } from '../../../api/network/cidr.ts';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import { Vpc } from '../../../kubernetes/resources.ts';
import { AwsError, missingParameter } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { changeNetworkObject } from '../network-object.ts';
import { subnetsOf } from '../subnets/find-subnet.ts';
import { blockAssociationsOf } from './sdk-vpc.ts';
import { vpcKind } from './vpc-kind.ts';

/**
 * Takes a block away from a VPC that was added later and holds no subnet.
 * @throws AwsError MissingParameter, InvalidVpcCidrBlockAssociationID.NotFound, OperationNotPermitted - the first block, InvalidCidrBlock.InUse
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DisassociateVpcCidrBlock.html
 */
export async function disassociateVpcCidrBlock({ AssociationId }: DisassociateVpcCidrBlockRequest, context: OperationContext): Promise<DisassociateVpcCidrBlockResult> {
  if (!AssociationId) throw missingParameter('AssociationId');
  const { read, caller, write } = context;
  const isMeant = (vpc: Vpc): boolean => blockAssociationsOf(vpc).some((association) => association.AssociationId === AssociationId);
  const vpc = read.list(Vpc, caller.namespace).find(isMeant);
  const cidr = vpc && blockAssociationsOf(vpc).find((association) => association.AssociationId === AssociationId)?.CidrBlock;
  if (!vpc || cidr === undefined) {
    throw new AwsError('InvalidVpcCidrBlockAssociationID.NotFound', `The vpc CIDR block association ID '${AssociationId}' does not exist`);
  }
  if (cidr === vpc.spec.cidrBlock) throw new AwsError('OperationNotPermitted', `The vpc CIDR block with association ID ${AssociationId} may not be disassociated. It is the primary IPv4 CIDR block of the VPC`);
  const block = blockFrom(cidr);
  const isUsed = subnetsOf(vpc, read).some(({ spec }) => isWithin(block, spec.cidrBlock));
  if (isUsed) throw new AwsError('InvalidCidrBlock.InUse', `The vpc CIDR block with association ID ${AssociationId} is currently in use`);
  await changeNetworkObject(vpcKind, vpc, ({ spec }) => ({ moreCidrBlocks: (spec.moreCidrBlocks ?? []).filter((other) => other !== cidr) }), write);
  return { VpcId: ec2IdOf('vpc', vpc), CidrBlockAssociation: { AssociationId, CidrBlock: cidr, CidrBlockState: { State: 'disassociated' } } };
}

function isWithin(outer: Block | undefined, cidr: string): boolean {
  const inner = blockFrom(cidr);
  return outer !== undefined && inner !== undefined && contains(outer, inner);
}

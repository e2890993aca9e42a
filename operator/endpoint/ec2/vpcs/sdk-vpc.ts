import type { Vpc as SdkVpc, VpcCidrBlockAssociation } from '@aws-sdk/client-ec2';
import { ec2IdFrom, ec2IdOf } from '../../../api/ec2-id.ts';
import type { Vpc } from '../../../kubernetes/resources.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { dhcpOptionsIdOf } from '../dhcp-options/find-dhcp-options.ts';
import { sdkTagsFrom } from '../sdk-tags.ts';
import { defaultVpcOf } from './find-vpc.ts';

/** A VPC in the API's shape. @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Vpc.html */
export function sdkVpcFrom(vpc: Vpc, { read, caller }: Pick<ReadOnlyContext, 'read' | 'caller'>): SdkVpc {
  const { spec, status } = vpc;
  return {
    VpcId: ec2IdOf('vpc', vpc),
    OwnerId: caller.accountId,
    State: status?.state ?? 'pending',
    CidrBlock: spec.cidrBlock,
    CidrBlockAssociationSet: blockAssociationsOf(vpc),
    Ipv6CidrBlockAssociationSet: [],
    DhcpOptionsId: dhcpOptionsIdOf(vpc, read),
    InstanceTenancy: 'default',
    // Of several that somebody made with kubectl one is the default.
    IsDefault: spec.isDefault && defaultVpcOf(read, caller.namespace) === vpc,
    Tags: sdkTagsFrom(spec.tags),
  };
}

/** The blocks of a VPC, each with the id of its association: a pure function of VPC and block. */
export function blockAssociationsOf(vpc: Vpc): VpcCidrBlockAssociation[] {
  const { cidrBlock, moreCidrBlocks = [] } = vpc.spec;
  return [cidrBlock, ...moreCidrBlocks].map((cidr) => ({
    AssociationId: ec2IdFrom('vpc-cidr-assoc', `${vpc.metadata.uid ?? vpc.metadata.name}/${cidr}`),
    CidrBlock: cidr,
    CidrBlockState: { State: 'associated' },
  }));
}

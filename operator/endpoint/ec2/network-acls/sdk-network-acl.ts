import type { NetworkAcl as SdkNetworkAcl, NetworkAclEntry } from '@aws-sdk/client-ec2';
import { ec2IdFrom, ec2IdOf } from '../../../api/ec2-id.ts';
import type { NetworkAcl } from '../../../kubernetes/resources.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { sdkTagsFrom } from '../sdk-tags.ts';
import { subnetsOf } from '../subnets/find-subnet.ts';
import { findVpc } from '../vpcs/find-vpc.ts';

/** The number of the entry that ends every list: what no other entry lets pass does not pass. */
const LAST_RULE = 32767;

const entry = (RuleNumber: number, RuleAction: 'allow' | 'deny', Egress: boolean): NetworkAclEntry => ({ CidrBlock: '0.0.0.0/0', Egress, Protocol: '-1', RuleAction, RuleNumber });

/** What a default ACL says, as on EC2. @see https://docs.aws.amazon.com/vpc/latest/userguide/default-network-acl.html */
const defaultEntries: readonly NetworkAclEntry[] = [true, false].flatMap((egress) => [entry(100, 'allow', egress), entry(LAST_RULE, 'deny', egress)]);

/** Whether it is the one of its VPC, made by the operator; others do nothing, and are not shown. */
export function isDefaultAcl(acl: NetworkAcl, { read, caller }: Pick<ReadOnlyContext, 'read' | 'caller'>): boolean {
  return findVpc(acl.spec.vpcId, caller.namespace, read)?.status?.defaultNetworkAclId === ec2IdOf('acl', acl);
}

/** The ACL of a VPC in the API's shape: it is that of all subnets. @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkAcl.html */
export function sdkNetworkAclFrom(acl: NetworkAcl, { read, caller }: Pick<ReadOnlyContext, 'read' | 'caller'>): SdkNetworkAcl {
  const vpc = findVpc(acl.spec.vpcId, caller.namespace, read);
  const id = ec2IdOf('acl', acl);
  return {
    NetworkAclId: id,
    VpcId: vpc ? ec2IdOf('vpc', vpc) : acl.spec.vpcId,
    OwnerId: caller.accountId,
    IsDefault: true,
    Entries: defaultEntries.map((line) => ({ ...line })),
    Associations: (vpc ? subnetsOf(vpc, read) : []).map((subnet) => ({
      NetworkAclAssociationId: ec2IdFrom('aclassoc', subnet.metadata.uid ?? subnet.metadata.name),
      NetworkAclId: id,
      SubnetId: ec2IdOf('subnet', subnet),
    })),
    Tags: sdkTagsFrom(acl.spec.tags),
  };
}

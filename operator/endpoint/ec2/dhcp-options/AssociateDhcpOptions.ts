import type { AssociateDhcpOptionsRequest } from '@aws-sdk/client-ec2';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import { DEFAULT_DHCP_OPTIONS } from '../../../api/network/vpc.ts';
import { missingParameter } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { changeNetworkObject } from '../network-object.ts';
import { requireVpc } from '../vpcs/find-vpc.ts';
import { vpcKind } from '../vpcs/vpc-kind.ts';
import { requireDhcpOptions } from './find-dhcp-options.ts';

/**
 * Makes a set that of a VPC; `default` goes back to what the cluster's DNS gives. Instances launched later have it.
 * @throws AwsError MissingParameter, InvalidDhcpOptions*, InvalidVpcID.*
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AssociateDhcpOptions.html
 */
export async function associateDhcpOptions({ DhcpOptionsId, VpcId }: AssociateDhcpOptionsRequest, context: OperationContext): Promise<void> {
  if (!DhcpOptionsId) throw missingParameter('DhcpOptionsId');
  if (!VpcId) throw missingParameter('VpcId');
  const vpc = requireVpc(VpcId, context);
  const dhcpOptionsId = DhcpOptionsId === DEFAULT_DHCP_OPTIONS ? null : ec2IdOf('dopt', requireDhcpOptions(DhcpOptionsId, context));
  await changeNetworkObject(vpcKind, vpc, () => ({ dhcpOptionsId }), context.write);
}

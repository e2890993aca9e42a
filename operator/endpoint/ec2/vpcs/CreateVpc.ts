import type { CreateVpcRequest, CreateVpcResult } from '@aws-sdk/client-ec2';
import { cidrOf } from '../../../api/network/cidr.ts';
import { VpcDefinition } from '../../../api/network/vpc.ts';
import { Vpc } from '../../../kubernetes/resources.ts';
import { AwsError, invalidParameterValue } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { IdKinds } from '../ids.ts';
import { refuseUnsupported, requestedBlock } from '../network-blocks.ts';
import { newIdOf } from '../network-object.ts';
import { tagsFromSpecifications } from '../tag-specifications.ts';
import { sdkVpcFrom } from './sdk-vpc.ts';

/** EC2's quota at its highest. */
const VPCS_LIMIT = 100;

/**
 * Makes a VPC; its controller makes what belongs to it: main route table, network ACL, default security group.
 * @throws AwsError MissingParameter, InvalidParameterValue, InvalidVpc.Range, VpcLimitExceeded, UnsupportedOperation
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpc.html
 */
export async function createVpc(input: CreateVpcRequest, context: OperationContext): Promise<CreateVpcResult> {
  refuseUnsupported({
    'IPv6 blocks are': input.AmazonProvidedIpv6CidrBlock ?? input.Ipv6CidrBlock ?? input.Ipv6Pool ?? input.Ipv6IpamPoolId,
    'IPAM pools are': input.Ipv4IpamPoolId,
    'VPC encryption control is': input.VpcEncryptionControl !== undefined,
  });
  requireTenancy(input.InstanceTenancy);
  const block = requestedBlock(input.CidrBlock, 'InvalidVpc.Range');
  const tags = tagsFromSpecifications(input.TagSpecifications, 'vpc');
  const { caller, read, write } = context;
  if (read.list(Vpc, caller.namespace).length >= VPCS_LIMIT) throw new AwsError('VpcLimitExceeded', 'The maximum number of VPCs has been reached.');
  const created = await write.create(Vpc, {
    apiVersion: VpcDefinition.apiVersion,
    kind: VpcDefinition.kind,
    metadata: { name: newIdOf(IdKinds.vpc), namespace: caller.namespace },
    spec: VpcDefinition.spec.parse({ cidrBlock: cidrOf(block), ...(tags.length > 0 && { tags }) }),
  });
  return { Vpc: sdkVpcFrom(created, context) };
}

function requireTenancy(tenancy: string | undefined): void {
  if (!tenancy || tenancy === 'default') return;
  if (tenancy !== 'dedicated' && tenancy !== 'host') throw invalidParameterValue('instanceTenancy', tenancy, 'It must be default or dedicated.');
  throw new AwsError('UnsupportedOperation', `The instance tenancy '${tenancy}' is not supported: nodes are shared.`);
}

import type { CreateDefaultSubnetRequest, CreateDefaultSubnetResult } from '@aws-sdk/client-ec2';
import { blockFrom, cidrOf, freeBlockIn } from '../../../api/network/cidr.ts';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import { defaultSubnetNameOf, SubnetDefinition } from '../../../api/network/subnet.ts';
import { isAlreadyExists } from '../../../kubernetes/errors.ts';
import { Subnet } from '../../../kubernetes/resources.ts';
import { AwsError, missingParameter } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { refuseUnsupported } from '../network-blocks.ts';
import { defaultVpcOf } from '../vpcs/find-vpc.ts';
import { defaultSubnetOf, subnetsOf } from './find-subnet.ts';
import { subnetViewer } from './sdk-subnet.ts';
import { zoneForSubnet } from './subnet-zone.ts';

/** As on EC2. */
const PREFIX = 20;

/**
 * Makes the default subnet of a zone again after it was deleted.
 * @throws AwsError MissingParameter, InvalidParameterValue, DefaultVpcDoesNotExist, DefaultSubnetAlreadyExistsInAvailabilityZone,
 *   InsufficientCidrBlocks, UnsupportedOperation
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateDefaultSubnet.html
 */
export async function createDefaultSubnet(input: CreateDefaultSubnetRequest, context: OperationContext): Promise<CreateDefaultSubnetResult> {
  if (!input.AvailabilityZone && !input.AvailabilityZoneId) throw missingParameter('AvailabilityZone');
  refuseUnsupported({ 'IPv6 blocks are': input.Ipv6Native });
  const { read, caller, write } = context;
  const zone = zoneForSubnet(input, [], context);
  const vpc = defaultVpcOf(read, caller.namespace);
  if (!vpc) throw new AwsError('DefaultVpcDoesNotExist', 'No default VPC for this user.');
  const existing = defaultSubnetOf(zone, caller.namespace, read);
  if (existing) throw alreadyExists(ec2IdOf('subnet', existing), zone);
  const whole = blockFrom(vpc.spec.cidrBlock);
  const block = whole && freeBlockIn(whole, PREFIX, subnetsOf(vpc, read).flatMap(({ spec }) => blockFrom(spec.cidrBlock) ?? []));
  if (!block) throw new AwsError('InsufficientCidrBlocks', `The default VPC has no free block of /${PREFIX}.`);
  const name = defaultSubnetNameOf(vpc.metadata.name, zone);
  const spec = SubnetDefinition.spec.parse({ vpcId: ec2IdOf('vpc', vpc), cidrBlock: cidrOf(block), availabilityZone: zone, defaultForAz: true });
  const { apiVersion, kind } = SubnetDefinition;
  const created = await write.create(Subnet, { apiVersion, kind, metadata: { name, namespace: caller.namespace }, spec }).catch((error: unknown) => {
    throw isAlreadyExists(error) ? alreadyExists(name, zone) : error;
  });
  return { Subnet: subnetViewer(context)(created) };
}

function alreadyExists(id: string, zone: string): AwsError {
  return new AwsError('DefaultSubnetAlreadyExistsInAvailabilityZone', `'${id}' is already the default subnet in ${zone}.`);
}

import { createHash } from 'node:crypto';
import type { CreateNatGatewayRequest, CreateNatGatewayResult } from '@aws-sdk/client-ec2';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import { NatGatewayDefinition } from '../../../api/network/nat-gateway.ts';
import { isAlreadyExists } from '../../../kubernetes/errors.ts';
import { NatGateway } from '../../../kubernetes/resources.ts';
import { AwsError, missingParameter } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { requireAllocation } from '../addresses/find-address.ts';
import { requestRecordFrom, requireSameParameters } from '../client-token.ts';
import { IdKinds } from '../ids.ts';
import { refuseUnsupported } from '../network-blocks.ts';
import { newIdOf } from '../network-object.ts';
import { requireSubnet } from '../subnets/find-subnet.ts';
import { tagsFromSpecifications } from '../tag-specifications.ts';
import { findVpc, requireVpc } from '../vpcs/find-vpc.ts';
import { natGatewaysOf } from './find-nat-gateway.ts';
import { sdkNatGatewayFrom } from './sdk-nat-gateway.ts';

/** EC2's, of a zone. */
const GATEWAYS_LIMIT = 5;

/**
 * Makes a NAT gateway, where Kube-OVN makes the network; what becomes of it the state tells, as on EC2. With a client token its id follows from that.
 * Refused on the pod network: that leads outside by itself, from the addresses of the nodes, and one address for all of a VPC it cannot give.
 * @throws AwsError MissingParameter, InvalidSubnetID.*, InvalidVpcID.*, InvalidAllocationID.NotFound, NatGatewayLimitExceeded, IdempotentParameterMismatch,
 *   InvalidParameterValue, UnsupportedOperation
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNatGateway.html
 */
export async function createNatGateway(input: CreateNatGatewayRequest, context: OperationContext): Promise<CreateNatGatewayResult> {
  const { SubnetId, VpcId, AllocationId } = input;
  if (!SubnetId && !VpcId) throw missingParameter('SubnetId');
  if (VpcId) requireVpc(VpcId, context);
  const subnet = SubnetId ? requireSubnet(SubnetId, context) : undefined;
  const { caller, read, write } = context;
  const { namespace } = caller;
  const vpc = subnet && findVpc(subnet.spec.vpcId, namespace, read);
  if (vpc && vpc.status?.networkProvider !== 'kube-ovn') {
    const message = 'NAT gateways are not supported: instances reach the world outside by the pod network, from the addresses of their nodes.';
    throw new AwsError('UnsupportedOperation', message);
  }
  refuseUnsupported({
    'NAT gateways of whole regions are': input.AvailabilityMode === 'regional' || !subnet ? 'regional' : undefined,
    'Private NAT gateways are': input.ConnectivityType === 'private' ? 'private' : undefined,
    'Private addresses of NAT gateways are': input.PrivateIpAddress ?? input.SecondaryPrivateIpAddresses?.[0] ?? input.SecondaryPrivateIpAddressCount,
    'Secondary addresses of NAT gateways are': input.SecondaryAllocationIds?.[0],
  });
  if (!AllocationId) throw missingParameter('AllocationId');
  const request = requestRecordFrom(input);
  const tags = tagsFromSpecifications(input.TagSpecifications, 'natgateway');
  const elasticIp = requireAllocation(AllocationId, context);
  const name = request ? idFrom(request.clientToken, caller.accountId) : newIdOf(IdKinds.natGateway);
  const earlier = read.get(NatGateway, { namespace, name });
  if (!earlier && vpc && natGatewaysOf(vpc, read).length >= GATEWAYS_LIMIT) {
    throw new AwsError('NatGatewayLimitExceeded', `The limit of ${GATEWAYS_LIMIT} NAT gateways has been reached.`);
  }
  const { apiVersion, kind } = NatGatewayDefinition;
  const spec = NatGatewayDefinition.spec.parse({
    subnetId: subnet && ec2IdOf('subnet', subnet),
    allocationId: ec2IdOf('eipalloc', elasticIp),
    ...(request && { request }),
    ...(tags.length > 0 && { tags }),
  });
  const natGateway = earlier ?? (await write.create(NatGateway, { apiVersion, kind, metadata: { name, namespace }, spec }).catch(async (error: unknown) => {
    if (!isAlreadyExists(error)) throw error;
    // Another call was faster; an empty patch changes nothing and answers with what it made.
    return write.patch(NatGateway, { namespace, name }, {});
  }));
  if (request) requireSameParameters(natGateway.spec.request, request);
  return { NatGateway: sdkNatGatewayFrom(natGateway, context), ...(request && { ClientToken: request.clientToken }) };
}

function idFrom(clientToken: string, accountId: string): string {
  return `nat-${createHash('sha256').update(JSON.stringify(['nat', accountId, clientToken])).digest('hex').slice(0, 17)}`;
}

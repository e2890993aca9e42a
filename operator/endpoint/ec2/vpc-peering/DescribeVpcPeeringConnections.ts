import type { DescribeVpcPeeringConnectionsRequest, DescribeVpcPeeringConnectionsResult } from '@aws-sdk/client-ec2';
import type { ReadOnlyContext } from '../../operation.ts';
import { requireNothing, type AbsentKind } from '../nothing-of-a-kind.ts';

const connections: AbsentKind = {
  operation: 'DescribeVpcPeeringConnections',
  bounds: { minimum: 5, maximum: 1000 },
  ids: { prefix: 'pcx-', malformedCode: 'InvalidVpcPeeringConnectionId.Malformed', notFoundCode: 'InvalidVpcPeeringConnectionID.NotFound', what: 'vpcPeeringConnection' },
  filterNames: [
    'accepter-vpc-info.cidr-block',
    'accepter-vpc-info.owner-id',
    'accepter-vpc-info.vpc-id',
    'expiration-time',
    'requester-vpc-info.cidr-block',
    'requester-vpc-info.owner-id',
    'requester-vpc-info.vpc-id',
    'status-code',
    'status-message',
    'vpc-peering-connection-id',
  ],
};

/**
 * Lists peering connections: none, as nobody can make one.
 * @throws AwsError InvalidVpcPeeringConnectionID.NotFound, InvalidVpcPeeringConnectionId.Malformed, InvalidParameterValue, InvalidNextToken
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVpcPeeringConnections.html
 */
export async function describeVpcPeeringConnections({ VpcPeeringConnectionIds, ...input }: DescribeVpcPeeringConnectionsRequest, context: ReadOnlyContext): Promise<DescribeVpcPeeringConnectionsResult> {
  requireNothing(connections, { ...input, ids: VpcPeeringConnectionIds }, context);
  return { VpcPeeringConnections: [] };
}

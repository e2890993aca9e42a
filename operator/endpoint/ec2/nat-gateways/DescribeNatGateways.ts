import type { DescribeNatGatewaysRequest, DescribeNatGatewaysResult } from '@aws-sdk/client-ec2';
import type { ReadOnlyContext } from '../../operation.ts';
import { requireNothing, type AbsentKind } from '../nothing-of-a-kind.ts';

const natGateways: AbsentKind = {
  operation: 'DescribeNatGateways',
  bounds: { minimum: 5, maximum: 1000 },
  ids: { prefix: 'nat-', malformedCode: 'NatGatewayMalformed', notFoundCode: 'NatGatewayNotFound', what: 'NAT gateway' },
  filterNames: [
    'nat-gateway-id',
    'state',
    'subnet-id',
    'vpc-id',
  ],
};

/**
 * Lists NAT gateways: none, as nobody can make one.
 * @throws AwsError NatGatewayNotFound, NatGatewayMalformed, InvalidParameterValue, InvalidNextToken
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeNatGateways.html
 */
export async function describeNatGateways({ NatGatewayIds, Filter, ...input }: DescribeNatGatewaysRequest, context: ReadOnlyContext): Promise<DescribeNatGatewaysResult> {
  requireNothing(natGateways, { ...input, Filters: Filter, ids: NatGatewayIds }, context);
  return { NatGateways: [] };
}

import type { DescribeEgressOnlyInternetGatewaysRequest, DescribeEgressOnlyInternetGatewaysResult } from '@aws-sdk/client-ec2';
import type { ReadOnlyContext } from '../../operation.ts';
import { requireNothing, type AbsentKind } from '../nothing-of-a-kind.ts';

const gateways: AbsentKind = {
  operation: 'DescribeEgressOnlyInternetGateways',
  bounds: { minimum: 5, maximum: 255 },
  ids: { prefix: 'eigw-', malformedCode: 'InvalidEgressOnlyInternetGatewayId.Malformed', notFoundCode: 'InvalidGatewayID.NotFound', what: 'gateway' },
  filterNames: [],
};

/**
 * Lists egress-only internet gateways: none, as nobody can make one.
 * @throws AwsError InvalidGatewayID.NotFound, InvalidEgressOnlyInternetGatewayId.Malformed, InvalidParameterValue, InvalidNextToken
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeEgressOnlyInternetGateways.html
 */
export async function describeEgressOnlyInternetGateways({ EgressOnlyInternetGatewayIds, ...input }: DescribeEgressOnlyInternetGatewaysRequest, context: ReadOnlyContext): Promise<DescribeEgressOnlyInternetGatewaysResult> {
  requireNothing(gateways, { ...input, ids: EgressOnlyInternetGatewayIds }, context);
  return { EgressOnlyInternetGateways: [] };
}

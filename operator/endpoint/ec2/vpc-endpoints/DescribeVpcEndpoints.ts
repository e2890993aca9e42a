import type { DescribeVpcEndpointsRequest, DescribeVpcEndpointsResult } from '@aws-sdk/client-ec2';
import type { ReadOnlyContext } from '../../operation.ts';
import { requireNothing, type AbsentKind } from '../nothing-of-a-kind.ts';

const endpoints: AbsentKind = {
  operation: 'DescribeVpcEndpoints',
  bounds: { minimum: 1, maximum: 1000 },
  ids: { prefix: 'vpce-', malformedCode: 'InvalidVpcEndpointId.Malformed', notFoundCode: 'InvalidVpcEndpointId.NotFound', what: 'Vpc Endpoint' },
  filterNames: [
    'ip-address-type',
    'service-name',
    'service-region',
    'tag-value',
    'vpc-endpoint-id',
    'vpc-endpoint-state',
    'vpc-endpoint-type',
    'vpc-id',
  ],
};

/**
 * Lists VPC endpoints: none, as nobody can make one.
 * @throws AwsError InvalidVpcEndpointId.NotFound, InvalidVpcEndpointId.Malformed, InvalidParameterValue, InvalidNextToken
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVpcEndpoints.html
 */
export async function describeVpcEndpoints({ VpcEndpointIds, ...input }: DescribeVpcEndpointsRequest, context: ReadOnlyContext): Promise<DescribeVpcEndpointsResult> {
  requireNothing(endpoints, { ...input, ids: VpcEndpointIds }, context);
  return { VpcEndpoints: [] };
}

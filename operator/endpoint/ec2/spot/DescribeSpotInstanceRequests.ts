import type { DescribeSpotInstanceRequestsRequest, DescribeSpotInstanceRequestsResult } from '@aws-sdk/client-ec2';
import type { ReadOnlyContext } from '../../operation.ts';
import { requireNothing } from '../nothing-of-a-kind.ts';
import { spotRequests } from './spot-requests.ts';

/**
 * Lists Spot requests: none, as nobody can make one.
 * @throws AwsError InvalidSpotInstanceRequestID.*, InvalidParameterValue, InvalidNextToken
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSpotInstanceRequests.html
 */
export async function describeSpotInstanceRequests(
  { SpotInstanceRequestIds, ...input }: DescribeSpotInstanceRequestsRequest,
  context: ReadOnlyContext,
): Promise<DescribeSpotInstanceRequestsResult> {
  requireNothing(spotRequests, { ...input, ids: SpotInstanceRequestIds }, context);
  return { SpotInstanceRequests: [] };
}

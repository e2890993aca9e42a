import type { CancelSpotInstanceRequestsRequest, CancelSpotInstanceRequestsResult } from '@aws-sdk/client-ec2';
import type { OperationContext } from '../../operation.ts';
import { refuseIds } from '../nothing-of-a-kind.ts';
import { spotRequests } from './spot-requests.ts';

/**
 * Cancels Spot requests, of which there are none.
 * @throws AwsError InvalidSpotInstanceRequestID.*
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CancelSpotInstanceRequests.html
 */
export async function cancelSpotInstanceRequests({ SpotInstanceRequestIds = [] }: CancelSpotInstanceRequestsRequest, _context: OperationContext): Promise<CancelSpotInstanceRequestsResult> {
  refuseIds(spotRequests, SpotInstanceRequestIds);
  return { CancelledSpotInstanceRequests: [] };
}

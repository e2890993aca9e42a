import type { DescribeSpotPriceHistoryRequest, DescribeSpotPriceHistoryResult } from '@aws-sdk/client-ec2';
import type { ReadOnlyContext } from '../../operation.ts';
import { requireNothing, type AbsentKind } from '../nothing-of-a-kind.ts';

const spotPrices: AbsentKind = {
  operation: 'DescribeSpotPriceHistory',
  bounds: { minimum: 1, maximum: 1000 },
  filterNames: ['availability-zone', 'availability-zone-id', 'instance-type', 'product-description', 'spot-price', 'timestamp'],
};

/**
 * Lists Spot prices: none, as nothing is for sale. Karpenter then reckons without Spot.
 * @throws AwsError InvalidParameterValue, InvalidNextToken
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSpotPriceHistory.html
 */
export async function describeSpotPriceHistory(input: DescribeSpotPriceHistoryRequest, context: ReadOnlyContext): Promise<DescribeSpotPriceHistoryResult> {
  requireNothing(spotPrices, input, context);
  return { SpotPriceHistory: [] };
}

import type { DescribeFleetInstancesRequest, DescribeFleetInstancesResult } from '@aws-sdk/client-ec2';
import { AwsError } from '../../errors.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { requireFleet } from './find-fleet.ts';

/**
 * EC2 has no answer for fleets of type instant, and there are no others here: DescribeFleets shows their instances.
 * @throws AwsError InvalidFleetId.Malformed, InvalidFleetId.NotFound, UnsupportedOperation
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeFleetInstances.html
 */
export async function describeFleetInstances({ FleetId = '' }: DescribeFleetInstancesRequest, context: ReadOnlyContext): Promise<DescribeFleetInstancesResult> {
  requireFleet(FleetId, context);
  throw new AwsError('UnsupportedOperation', 'DescribeFleetInstances does not support fleets of type instant. Use DescribeFleets instead.');
}

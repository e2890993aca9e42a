import type { RequestSpotInstancesRequest, RequestSpotInstancesResult } from '@aws-sdk/client-ec2';
import { AwsError } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';

/**
 * Refuses: nothing here could take an instance away again when somebody pays more, so an ordinary one under that name would be a lie.
 * @throws AwsError UnsupportedOperation
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RequestSpotInstances.html
 */
export async function requestSpotInstances(_input: RequestSpotInstancesRequest, _context: OperationContext): Promise<RequestSpotInstancesResult> {
  throw new AwsError('UnsupportedOperation', 'Spot Instances are not supported. Use RunInstances.');
}

import type { UnmonitorInstancesRequest, UnmonitorInstancesResult } from '@aws-sdk/client-ec2';
import type { OperationContext } from '../../operation.ts';
import { changeMonitoring } from './change-monitoring.ts';

/**
 * Turns detailed monitoring off.
 * @throws AwsError InvalidInstanceID.*
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_UnmonitorInstances.html
 */
export async function unmonitorInstances({ InstanceIds }: UnmonitorInstancesRequest, context: OperationContext): Promise<UnmonitorInstancesResult> {
  return { InstanceMonitorings: await changeMonitoring(InstanceIds, false, context) };
}

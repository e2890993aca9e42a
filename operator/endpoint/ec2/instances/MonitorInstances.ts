import type { MonitorInstancesRequest, MonitorInstancesResult } from '@aws-sdk/client-ec2';
import type { OperationContext } from '../../operation.ts';
import { changeMonitoring } from './change-monitoring.ts';

/**
 * Turns detailed monitoring on.
 * @throws AwsError InvalidInstanceID.*
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_MonitorInstances.html
 */
export async function monitorInstances({ InstanceIds }: MonitorInstancesRequest, context: OperationContext): Promise<MonitorInstancesResult> {
  return { InstanceMonitorings: await changeMonitoring(InstanceIds, true, context) };
}

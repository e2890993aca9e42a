import type { ProcessesType } from '@aws-sdk/client-auto-scaling';
import { SCALING_PROCESSES } from '../../../api/auto-scaling/auto-scaling-group.ts';

/**
 * Lists the processes that can be suspended.
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeScalingProcessTypes.html
 */
export async function describeScalingProcessTypes(): Promise<ProcessesType> {
  return { Processes: SCALING_PROCESSES.map((ProcessName) => ({ ProcessName })) };
}

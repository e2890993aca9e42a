import type { DescribeAdjustmentTypesAnswer } from '@aws-sdk/client-auto-scaling';

const ADJUSTMENT_TYPES = ['ChangeInCapacity', 'ExactCapacity', 'PercentChangeInCapacity'];

/**
 * Lists the ways in which policies adjust a capacity.
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeAdjustmentTypes.html
 */
export async function describeAdjustmentTypes(): Promise<DescribeAdjustmentTypesAnswer> {
  return { AdjustmentTypes: ADJUSTMENT_TYPES.map((AdjustmentType) => ({ AdjustmentType })) };
}

import type { DescribeAutoScalingNotificationTypesAnswer } from '@aws-sdk/client-auto-scaling';
import { NOTIFICATION_TYPES } from '../../../api/auto-scaling/auto-scaling-notification-type.ts';

/**
 * Lists what can be told of a group.
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeAutoScalingNotificationTypes.html
 */
export async function describeAutoScalingNotificationTypes(): Promise<DescribeAutoScalingNotificationTypesAnswer> {
  return { AutoScalingNotificationTypes: [...NOTIFICATION_TYPES] };
}

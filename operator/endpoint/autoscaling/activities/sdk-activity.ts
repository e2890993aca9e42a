import type { Activity as SdkActivity } from '@aws-sdk/client-auto-scaling';
import { activityDetailsOf, type Activity } from '../../../api/auto-scaling/auto-scaling-activity.ts';
import { autoScalingGroupNameOf } from '../../../api/auto-scaling/auto-scaling-group.ts';
import type { AutoScalingGroup } from '../../../kubernetes/resources.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { groupArnOf } from '../groups/sdk-group.ts';

/** An activity in the API's shape. @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_Activity.html */
export function sdkActivityFrom(activity: Activity, group: AutoScalingGroup, context: Pick<ReadOnlyContext, 'caller' | 'region'>): SdkActivity {
  return {
    ActivityId: activity.activityId,
    AutoScalingGroupName: autoScalingGroupNameOf(group),
    Description: activity.description,
    Cause: activity.cause,
    StartTime: new Date(activity.startTime),
    ...(activity.endTime !== undefined && { EndTime: new Date(activity.endTime) }),
    StatusCode: activity.statusCode,
    ...(activity.statusMessage !== undefined && { StatusMessage: activity.statusMessage }),
    Progress: activity.progress,
    Details: JSON.stringify(activityDetailsOf(activity)),
    AutoScalingGroupARN: groupArnOf(group, context),
  };
}

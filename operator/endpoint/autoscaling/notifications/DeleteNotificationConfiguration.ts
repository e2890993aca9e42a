import type { DeleteNotificationConfigurationType } from '@aws-sdk/client-auto-scaling';
import type { OperationContext } from '../../operation.ts';
import { changeGroup } from '../groups/change-group.ts';
import { requireGroup } from '../groups/find-group.ts';

/**
 * Removes a topic from a group. One that is not there need not be removed.
 * @throws AwsError ValidationError
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DeleteNotificationConfiguration.html
 */
export async function deleteNotificationConfiguration({ AutoScalingGroupName, TopicARN }: DeleteNotificationConfigurationType, context: OperationContext): Promise<void> {
  const group = requireGroup(AutoScalingGroupName, context);
  await changeGroup(
    group,
    ({ spec }) => {
      const before = spec.notificationConfigurations ?? [];
      const rest = before.filter(({ topicARN }) => topicARN !== TopicARN);
      if (rest.length === before.length) return undefined;
      return { notificationConfigurations: rest.length > 0 ? rest : null };
    },
    context.write,
  );
}

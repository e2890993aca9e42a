import type { PutNotificationConfigurationType } from '@aws-sdk/client-auto-scaling';
import { NOTIFICATION_TYPES } from '../../../api/auto-scaling/auto-scaling-notification-type.ts';
import { AwsError } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { changeGroup } from '../groups/change-group.ts';
import { requireGroup } from '../groups/find-group.ts';
import { requireOneOf, validationError } from '../../model-constraints.ts';

/** EC2's limit of topics of a group. */
const TOPICS_LIMIT = 10;

/**
 * Records a topic and what it is to be told: by a webhook if a NotificationTopic has its ARN, by events of the group in any case.
 * @throws AwsError ValidationError, LimitExceeded
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PutNotificationConfiguration.html
 */
export async function putNotificationConfiguration({ AutoScalingGroupName, TopicARN = '', NotificationTypes = [] }: PutNotificationConfigurationType, context: OperationContext): Promise<void> {
  const group = requireGroup(AutoScalingGroupName, context);
  if (!/^arn:[^:]+:sns:[^:]*:[0-9]{12}:.+/.test(TopicARN)) throw validationError(`Invalid Topic ARN: ${TopicARN}`);
  const notificationTypes = [...new Set(NotificationTypes)].map((type) => requireOneOf(type, 'notificationTypes', NOTIFICATION_TYPES));
  await changeGroup(
    group,
    ({ spec }) => {
      const others = (spec.notificationConfigurations ?? []).filter(({ topicARN }) => topicARN !== TopicARN);
      if (others.length >= TOPICS_LIMIT) throw new AwsError('LimitExceeded', `A group may have at most ${TOPICS_LIMIT} notification configurations.`);
      return { notificationConfigurations: [...others, { topicARN: TopicARN, notificationTypes }] };
    },
    context.write,
  );
}

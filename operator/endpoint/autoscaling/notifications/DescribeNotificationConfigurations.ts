import type { DescribeNotificationConfigurationsAnswer, DescribeNotificationConfigurationsType, NotificationConfiguration } from '@aws-sdk/client-auto-scaling';
import { autoScalingGroupNameOf } from '../../../api/auto-scaling/auto-scaling-group.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { findGroup, groupsOf } from '../groups/find-group.ts';
import { recordsPage } from '../record-pages.ts';

/**
 * Lists the topics of groups, one item for each kind of notification.
 * @throws AwsError ValidationError, InvalidNextToken
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeNotificationConfigurations.html
 */
export async function describeNotificationConfigurations(input: DescribeNotificationConfigurationsType, context: ReadOnlyContext): Promise<DescribeNotificationConfigurationsAnswer> {
  const names = (input.AutoScalingGroupNames ?? []).filter(Boolean);
  const groups = names.length > 0 ? [...new Set(names)].flatMap((name) => findGroup(name, context) ?? []) : groupsOf(context);
  const items = groups.flatMap((group) =>
    (group.spec.notificationConfigurations ?? []).flatMap(({ topicARN, notificationTypes }) =>
      notificationTypes.map((NotificationType): NotificationConfiguration => ({ AutoScalingGroupName: autoScalingGroupNameOf(group), TopicARN: topicARN, NotificationType })),
    ),
  );
  const keyOf = ({ AutoScalingGroupName, TopicARN, NotificationType }: NotificationConfiguration): string => JSON.stringify([AutoScalingGroupName, TopicARN, NotificationType]);
  const page = recordsPage(items, input, 'DescribeNotificationConfigurations', context, keyOf);
  return { NotificationConfigurations: page.items, ...(page.NextToken !== undefined && { NextToken: page.NextToken }) };
}

import type { DescribeScheduledActionsType, ScheduledActionsType } from '@aws-sdk/client-auto-scaling';
import { AutoScalingGroup, ScheduledAction } from '../../../kubernetes/resources.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { findGroup } from '../groups/find-group.ts';
import { recordsPage } from '../record-pages.ts';
import { isOver, sdkActionFrom } from './find-actions.ts';

/**
 * Lists scheduled actions that are still to happen, of one group or of all.
 * @throws AwsError ValidationError, InvalidNextToken
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeScheduledActions.html
 */
export async function describeScheduledActions(input: DescribeScheduledActionsType, context: ReadOnlyContext): Promise<ScheduledActionsType> {
  const { AutoScalingGroupName, ScheduledActionNames = [], StartTime, EndTime } = input;
  const { read, caller } = context;
  const only = AutoScalingGroupName === undefined ? undefined : (findGroup(AutoScalingGroupName, context)?.metadata.name ?? '');
  const actions = read
    .list(ScheduledAction, caller.namespace)
    .filter((action) => !isOver(action) && (only === undefined || only === action.spec.autoScalingGroup))
    .flatMap((action) => {
      const group = read.get(AutoScalingGroup, { namespace: caller.namespace, name: action.spec.autoScalingGroup });
      return group ? [sdkActionFrom(action, group, context)] : [];
    })
    .filter(({ ScheduledActionName = '' }) => ScheduledActionNames.length === 0 || ScheduledActionNames.includes(ScheduledActionName))
    // Times narrow only what is not asked for by name.
    .filter(({ StartTime: start }) => ScheduledActionNames.length > 0 || ((StartTime === undefined || (start ?? StartTime) >= StartTime) && (EndTime === undefined || (start ?? EndTime) <= EndTime)));
  const page = recordsPage(actions, input, 'DescribeScheduledActions', context, ({ ScheduledActionARN = '' }) => ScheduledActionARN);
  return { ScheduledUpdateGroupActions: page.items, ...(page.NextToken !== undefined && { NextToken: page.NextToken }) };
}

import { createHash } from 'node:crypto';
import type { ScheduledUpdateGroupAction } from '@aws-sdk/client-auto-scaling';
import { autoScalingGroupNameOf } from '../../../api/auto-scaling/auto-scaling-group.ts';
import { scheduledActionNameOf } from '../../../api/auto-scaling/scheduled-action.ts';
import { defineIndex } from '../../../kubernetes/read.ts';
import { ScheduledAction, type AutoScalingGroup } from '../../../kubernetes/resources.ts';
import { withinNamespace } from '../../ec2/indexes.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { validationError } from '../../model-constraints.ts';

type Lookup = Pick<ReadOnlyContext, 'read' | 'caller'>;

const actionsByGroup = defineIndex(ScheduledAction, 'schedules.group', ({ metadata, spec }) => [withinNamespace(metadata.namespace, spec.autoScalingGroup)]);

/** Actions of a group, those that are over included. */
export function actionsOf({ metadata }: AutoScalingGroup, { read }: Pick<Lookup, 'read'>): readonly ScheduledAction[] {
  return read.byIndex(actionsByGroup, withinNamespace(metadata.namespace, metadata.name));
}

/** Whether the action has happened and will not again: Auto Scaling forgets such actions. */
export function isOver({ spec, status }: ScheduledAction): boolean {
  return status?.lastTime !== undefined && status.nextTime === undefined && (spec.recurrence === undefined || spec.endTime !== undefined);
}

/** @throws AwsError ValidationError */
export function requireAction(name: string | undefined, group: AutoScalingGroup, context: Lookup): ScheduledAction {
  const action = actionsOf(group, context).find((candidate) => scheduledActionNameOf(candidate) === name && !isOver(candidate));
  if (action) return action;
  throw validationError(`Scheduled action name not found - no scheduled action '${name ?? ''}' in group '${autoScalingGroupNameOf(group)}'`);
}

/** Name of the object of an action: of two calls for one name at once one makes it. */
export function actionObjectName({ metadata }: AutoScalingGroup, actionName: string): string {
  return `scheduledaction-${createHash('sha256').update(JSON.stringify([metadata.uid ?? metadata.name, actionName])).digest('hex').slice(0, 40)}`;
}

/** An action in the API's shape; its start is its next time. @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_ScheduledUpdateGroupAction.html */
export function sdkActionFrom(action: ScheduledAction, group: AutoScalingGroup, { region, caller }: Pick<ReadOnlyContext, 'region' | 'caller'>): ScheduledUpdateGroupAction {
  const { spec, status, metadata } = action;
  const [groupName, name] = [autoScalingGroupNameOf(group), scheduledActionNameOf(action)];
  const start = status?.nextTime ?? spec.startTime;
  return {
    AutoScalingGroupName: groupName,
    ScheduledActionName: name,
    ScheduledActionARN: `arn:aws:autoscaling:${region}:${caller.accountId}:scheduledUpdateGroupAction:${metadata.uid ?? ''}:autoScalingGroupName/${groupName}:scheduledActionName/${name}`,
    ...(start !== undefined && { StartTime: new Date(start), Time: new Date(start) }),
    ...(spec.endTime !== undefined && { EndTime: new Date(spec.endTime) }),
    ...(spec.recurrence !== undefined && { Recurrence: spec.recurrence, TimeZone: spec.timeZone }),
    ...(spec.minSize !== undefined && { MinSize: spec.minSize }),
    ...(spec.maxSize !== undefined && { MaxSize: spec.maxSize }),
    ...(spec.desiredCapacity !== undefined && { DesiredCapacity: spec.desiredCapacity }),
  };
}

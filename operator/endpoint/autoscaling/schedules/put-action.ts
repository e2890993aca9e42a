import type { PutScheduledUpdateGroupActionType } from '@aws-sdk/client-auto-scaling';
import { ScheduledActionDefinition, scheduledActionNameOf } from '../../../api/auto-scaling/scheduled-action.ts';
import { isAlreadyExists } from '../../../kubernetes/errors.ts';
import { mergePatchFrom } from '../../../kubernetes/merge-patch.ts';
import { ScheduledAction, type AutoScalingGroup } from '../../../kubernetes/resources.ts';
import { inTurn } from '../../ec2/in-turn.ts';
import { AwsError } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { ownedBy } from '../policies/owned-by.ts';
import { validationError } from '../../model-constraints.ts';
import { actionObjectName, actionsOf, isOver } from './find-actions.ts';
import { requestedActionFrom } from './requested-action.ts';

/** Auto Scaling's own. */
const ACTIONS_LIMIT = 125;

/** Makes a scheduled action, or gives the one of this name another schedule. @throws AwsError ValidationError, LimitExceeded */
export async function putAction(group: AutoScalingGroup, input: Omit<PutScheduledUpdateGroupActionType, 'AutoScalingGroupName'>, context: OperationContext): Promise<void> {
  const name = input.ScheduledActionName ?? '';
  if (name === '' || name.length > 255) throw validationError('ScheduledActionName must have 1 to 255 characters.');
  const requested = requestedActionFrom(input, context.clock.now());
  await inTurn(`${context.caller.namespace}/ScheduledAction/${actionObjectName(group, name)}`, async () => put(group, name, requested, context));
}

async function put(group: AutoScalingGroup, name: string, requested: ReturnType<typeof requestedActionFrom>, context: OperationContext): Promise<void> {
  const { write, live, caller } = context;
  const actions = actionsOf(group, context);
  const known = actions.find((action) => scheduledActionNameOf(action) === name);
  if (known) return change(known, requested, context);
  if (actions.filter((action) => !isOver(action)).length >= ACTIONS_LIMIT) throw new AwsError('LimitExceeded', `The group has the most scheduled actions that there may be: ${String(ACTIONS_LIMIT)}.`);
  const key = { namespace: caller.namespace, name: actionObjectName(group, name) };
  const action: ScheduledAction = {
    apiVersion: ScheduledActionDefinition.apiVersion,
    kind: ScheduledActionDefinition.kind,
    metadata: { ...key, ...ownedBy(group) },
    spec: { scheduledActionName: name, autoScalingGroup: group.metadata.name, ...requested },
  };
  try {
    await write.create(ScheduledAction, action);
  } catch (error) {
    const other = isAlreadyExists(error) ? await live.fetch(ScheduledAction, key) : undefined;
    if (!other) throw error;
    await change(other, requested, context);
  }
}

async function change(action: ScheduledAction, requested: ReturnType<typeof requestedActionFrom>, { write }: OperationContext): Promise<void> {
  const { scheduledActionName: _name, autoScalingGroup: _group, ...settings } = action.spec;
  const spec = mergePatchFrom(settings, requested);
  const { namespace, name } = action.metadata;
  if (spec !== undefined) await write.patch(ScheduledAction, { namespace, name }, { spec });
}

import { isNotFound } from '../../../kubernetes/errors.ts';
import { ScheduledAction, type AutoScalingGroup } from '../../../kubernetes/resources.ts';
import type { OperationContext } from '../../operation.ts';
import { requireAction } from './find-actions.ts';

/** Removes an action of a group. @throws AwsError ValidationError - there is none of this name */
export async function removeAction(group: AutoScalingGroup, actionName: string | undefined, context: OperationContext): Promise<void> {
  const { namespace, name, uid } = requireAction(actionName, group, context).metadata;
  await context.write.remove(ScheduledAction, { namespace, name }, uid === undefined ? {} : { uid }).catch((error: unknown) => {
    if (!isNotFound(error)) throw error; // already gone is what we want
  });
}

import { lifecycleStateOf, type Member } from '../../../api/auto-scaling/auto-scaling-member.ts';
import type { LifecycleAction, Membership } from '../../../api/auto-scaling/auto-scaling-membership.ts';
import type { AutoScalingGroup } from '../../../kubernetes/resources.ts';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { membersOf } from '../groups/find-group.ts';
import type { MembershipChange } from '../instances/change-member.ts';
import { validationError } from '../../model-constraints.ts';

/** How a request names a lifecycle action: by its token, or by the instance. */
export interface ActionName {
  LifecycleHookName?: string | undefined;
  LifecycleActionToken?: string | undefined;
  InstanceId?: string | undefined;
}

/** The member that the named action holds up. @throws AwsError ValidationError - there is none */
export function requireHeldMember(name: ActionName, group: AutoScalingGroup, context: Pick<ReadOnlyContext, 'read'>): Member {
  if (!name.LifecycleActionToken && !name.InstanceId) throw validationError('Either InstanceId or LifecycleActionToken must be specified.');
  const member = membersOf(group, context).find(
    (candidate) => lifecycleStateOf(candidate).endsWith(':Wait') && (!name.InstanceId || ec2IdOf('i', candidate) === name.InstanceId) && (candidate.spec.autoScaling.lifecycleActions ?? []).some(isNamedBy(name)),
  );
  if (member !== undefined) return member;
  throw validationError(
    name.LifecycleActionToken ? `No active Lifecycle Action found with token ${name.LifecycleActionToken}` : `No active Lifecycle Action found with instance ID ${name.InstanceId ?? ''}`,
  );
}

/** Whether an action that still waits is the one that a request names. */
export function isNamedBy({ LifecycleHookName, LifecycleActionToken }: ActionName): (action: LifecycleAction) => boolean {
  return ({ lifecycleHookName, lifecycleActionToken, result }) =>
    result === undefined && lifecycleHookName === LifecycleHookName && (!LifecycleActionToken || lifecycleActionToken === LifecycleActionToken);
}

/** The membership with a result for the actions that still wait and are meant; undefined if there are none. */
export function withResult({ lifecycleActions = [] }: Membership, isMeant: (action: LifecycleAction) => boolean, resultOf: (action: LifecycleAction) => 'CONTINUE' | 'ABANDON'): MembershipChange | undefined {
  if (!lifecycleActions.some((action) => action.result === undefined && isMeant(action))) return undefined;
  return { lifecycleActions: lifecycleActions.map((action) => (action.result === undefined && isMeant(action) ? { ...action, result: resultOf(action) } : action)) };
}

import { isEnding, type Member } from '../../api/auto-scaling/auto-scaling-member.ts';
import type { LifecycleAction, Membership } from '../../api/auto-scaling/auto-scaling-membership.ts';
import type { LifecycleHook } from '../../api/auto-scaling/auto-scaling-lifecycle-hook.ts';
import { uuidFrom } from '../../api/identity/unique-id.ts';
import { isNotFound } from '../../kubernetes/errors.ts';
import { Instance, type AutoScalingGroup } from '../../kubernetes/resources.ts';
import type { Json } from '../../kubernetes/write.ts';
import type { ReconcileContext } from '../../runtime/reconcile.ts';
import { timestampOf } from '../instance/times.ts';
import { atOnce } from './at-once.ts';

/** A member that is to end, and why. */
export interface Ending {
  member: Member;
  reason: NonNullable<Membership['leaving']>['reason'];
  /** As an activity says it, for people. */
  cause: string;
  /** Lifecycle hooks do not hold it up. */
  isAbrupt?: boolean;
}

type Access = Pick<ReconcileContext, 'write' | 'clock'>;

/**
 * Nobody manages the fields of an instance that ends. To remember them is a third of what the API server does for each of the writes to come; a status
 * cannot forget them, so it goes with the end.
 * @see https://kubernetes.io/docs/reference/using-api/server-side-apply/#clearing-managedfields
 */
const FORGET_MANAGERS = { managedFields: [{}] };

/** The action by which a hook holds up a member; the wait begins, and is told, in the step about hooks. Its token follows from both, so a repeated pass makes the same. */
export function actionFor(hook: LifecycleHook, instanceName: string): LifecycleAction {
  return {
    lifecycleHookName: hook.lifecycleHookName,
    lifecycleTransition: hook.lifecycleTransition,
    lifecycleActionToken: uuidFrom(`${instanceName}/${hook.lifecycleHookName}/${hook.lifecycleTransition}`),
    heartbeatTimeout: hook.heartbeatTimeout,
    defaultResult: hook.defaultResult,
  };
}

/** Begins to end members: they count no more, and end at once unless a hook holds them up. Answers with them as they are then. */
export async function endMembers(endings: readonly Ending[], group: AutoScalingGroup, access: Access): Promise<Member[]> {
  const ended = await atOnce(endings, (ending) => endMember(ending, group, access));
  return ended.flatMap((member) => member ?? []);
}

async function endMember({ member, reason, cause, isAbrupt }: Ending, { spec }: AutoScalingGroup, access: Access): Promise<Member | undefined> {
  if (isEnding(member)) return member;
  const at = timestampOf(access.clock);
  const leaving = member.spec.autoScaling.leaving ?? { at, cause: cause.slice(0, 1023), reason };
  const hooks = isAbrupt ? [] : (spec.lifecycleHooks ?? []).filter(({ lifecycleTransition }) => lifecycleTransition === 'autoscaling:EC2_INSTANCE_TERMINATING');
  const actions = hooks.map((hook) => actionFor(hook, member.metadata.name));
  const lifecycleActions = [...(member.spec.autoScaling.lifecycleActions ?? []), ...actions];
  const autoScaling = { leaving, ...(actions.length > 0 && { lifecycleActions }) };
  if (actions.length > 0) return patched(member, { autoScaling }, access);
  return terminate(member, { autoScaling }, access);
}

/** Ends the machine of a member that nothing holds up any more. */
export async function terminate(member: Member, more: { [field: string]: Json | undefined }, access: Access): Promise<Member | undefined> {
  // The group ends its instances in spite of their protection, as in EC2; the API server's rule looks at what was before.
  if (member.spec.disableApiTermination) await patched(member, { disableApiTermination: false }, access);
  return patched(member, { ...more, powerState: 'terminated' }, access, FORGET_MANAGERS);
}

/** Changes a member; undefined if it is gone. */
export async function patched(member: Member, spec: { [field: string]: Json | undefined }, { write }: Pick<Access, 'write'>, metadata?: { [field: string]: Json | undefined }): Promise<Member | undefined> {
  const { namespace, name } = member.metadata;
  try {
    return (await write.patch(Instance, { namespace, name }, { ...(metadata && { metadata }), spec })) as Member;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

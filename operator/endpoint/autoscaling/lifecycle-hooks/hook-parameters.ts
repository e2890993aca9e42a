import type { LifecycleHook as SdkHook, LifecycleHookSpecification } from '@aws-sdk/client-auto-scaling';
import { globalTimeoutOf, LIFECYCLE_TRANSITIONS, LifecycleHook } from '../../../api/auto-scaling/auto-scaling-lifecycle-hook.ts';
import { constraintError, requireOneOf, requireWithin, validationError } from '../../model-constraints.ts';

/** EC2's limit. */
export const HOOKS_LIMIT = 50;

/**
 * A hook of a request, on top of the one of that name that is there.
 * @throws AwsError ValidationError
 */
export function hookFrom(request: Partial<LifecycleHookSpecification>, before: LifecycleHook | undefined): LifecycleHook {
  const { LifecycleHookName = '', LifecycleTransition, HeartbeatTimeout, DefaultResult, NotificationMetadata, NotificationTargetARN, RoleARN } = request;
  if (!/^[A-Za-z0-9\-_/]{1,255}$/.test(LifecycleHookName)) throw constraintError(LifecycleHookName, 'lifecycleHookName', 'Member must satisfy regular expression pattern: [A-Za-z0-9\\-_\\/]+');
  const transition = LifecycleTransition ?? before?.lifecycleTransition;
  if (transition === undefined) throw validationError('Lifecycle transition must be specified when creating a lifecycle hook.');
  if (DefaultResult !== undefined && DefaultResult !== 'CONTINUE' && DefaultResult !== 'ABANDON') throw validationError(`Invalid default result: ${DefaultResult}. It must be CONTINUE or ABANDON.`);
  requireWithin(HeartbeatTimeout, 'heartbeatTimeout', 30, 7200);
  const parsed = LifecycleHook.safeParse({
    ...before,
    lifecycleHookName: LifecycleHookName,
    lifecycleTransition: requireOneOf(transition, 'lifecycleTransition', LIFECYCLE_TRANSITIONS),
    ...(HeartbeatTimeout !== undefined && { heartbeatTimeout: HeartbeatTimeout }),
    ...(DefaultResult !== undefined && { defaultResult: DefaultResult }),
    ...(NotificationMetadata !== undefined && { notificationMetadata: NotificationMetadata }),
    ...(NotificationTargetARN && { notificationTargetARN: NotificationTargetARN }),
    ...(RoleARN && { roleARN: RoleARN }),
  });
  if (!parsed.success) throw validationError(`Invalid lifecycle hook: ${parsed.error.issues[0]?.path.join('.') ?? ''} ${parsed.error.issues[0]?.message ?? ''}`);
  // An empty target takes the former one away.
  const { notificationTargetARN, ...rest } = parsed.data;
  return notificationTargetARN === undefined || NotificationTargetARN === '' ? rest : parsed.data;
}

/** A hook in the API's shape. */
export function sdkHookFrom(hook: LifecycleHook, groupName: string): SdkHook {
  return {
    LifecycleHookName: hook.lifecycleHookName,
    AutoScalingGroupName: groupName,
    LifecycleTransition: hook.lifecycleTransition,
    ...(hook.notificationTargetARN !== undefined && { NotificationTargetARN: hook.notificationTargetARN }),
    ...(hook.roleARN !== undefined && { RoleARN: hook.roleARN }),
    ...(hook.notificationMetadata !== undefined && { NotificationMetadata: hook.notificationMetadata }),
    HeartbeatTimeout: hook.heartbeatTimeout,
    GlobalTimeout: globalTimeoutOf(hook),
    DefaultResult: hook.defaultResult,
  };
}

import { desiredCapacityOf } from '../../api/auto-scaling/auto-scaling-group.ts';
import type { LaunchSource } from '../../api/auto-scaling/auto-scaling-launch.ts';
import { hasStarted, isLeaving, lifecycleStateOf, type Member } from '../../api/auto-scaling/auto-scaling-member.ts';
import { isRefreshOver, type DesiredConfiguration, type Refresh, type RefreshPreferences, type RefreshRequest } from '../../api/auto-scaling/auto-scaling-refresh.ts';
import type { Clock } from '../../kubernetes/clock.ts';
import type { AutoScalingGroup } from '../../kubernetes/resources.ts';
import { isObjection } from '../instance/objection.ts';
import { secondsSince, timestampOf } from '../instance/times.ts';
import { candidatesFor, matchesAny } from './launch-source.ts';
import type { Read } from '../../kubernetes/read.ts';

/** How long instances may be impossible to launch until a refresh has failed. */
const FAILURE_SECONDS = 600;

/** What a refresh wants of this pass. */
export interface RefreshStep {
  /** As the status has it after this pass; absent if there is none. */
  refresh: Refresh | undefined;
  /** What launches are made from while it goes on; absent: the group's own. */
  source: LaunchSource | undefined;
  /** Members to replace, in this pass at most so many as the pauses allow. */
  outdated: Member[];
  preferences: RefreshPreferences | undefined;
  /** Whether a member serves: one that the refresh has brought must have warmed up. */
  isReady: (member: Member) => boolean;
  /** The group's own configuration becomes this one: every instance has it. */
  adopt: DesiredConfiguration | undefined;
  /** When to look again, milliseconds since the epoch. */
  nextLook: number;
}

const isInService = (member: Member): boolean => lifecycleStateOf(member) === 'InService';

const nothing: RefreshStep = { refresh: undefined, source: undefined, outdated: [], preferences: undefined, isReady: isInService, adopt: undefined, nextLook: Number.POSITIVE_INFINITY };

/** What a group launches from by its own spec. */
export function sourceOf({ spec }: AutoScalingGroup): LaunchSource {
  const { launchTemplate, mixedInstancesPolicy, launchConfigurationName } = spec;
  return { launchTemplate, mixedInstancesPolicy, launchConfigurationName };
}

/** The refresh that goes on, or is asked for and has not begun. Pure but for caches and clock. */
export function refreshStepFor(group: AutoScalingGroup, members: readonly Member[], read: Read, clock: Clock): RefreshStep {
  const request = group.spec.instanceRefresh;
  if (request === undefined) return nothing;
  const known = (group.status?.instanceRefreshes ?? []).find(({ id }) => id === request.id);
  if (known !== undefined && isRefreshOver(known)) return nothing;
  if (group.spec.suspendedProcesses?.includes('InstanceRefresh') && known === undefined) return nothing;
  // Its start is written down before anything is replaced: after a crash what is new must not be taken for old.
  if (known === undefined) return { ...nothing, refresh: begunRefresh(request, group, clock), nextLook: clock.now() };
  const begun: Refresh = known.status === 'Pending' ? { ...known, status: 'InProgress' } : known;
  return advance(ended(begun, request, clock), group, members, read, clock);
}

function begunRefresh({ id, preferences, desiredConfiguration }: RefreshRequest, group: AutoScalingGroup, clock: Clock): Refresh {
  return {
    id,
    status: 'Pending',
    startTime: new Date(clock.now()).toISOString(),
    preferences,
    ...(desiredConfiguration !== undefined && { desiredConfiguration }),
    formerConfiguration: JSON.parse(JSON.stringify(sourceOf(group))) as NonNullable<Refresh['formerConfiguration']>,
  };
}

/** Takes note of a wish to end or turn the refresh. */
function ended(refresh: Refresh, { end }: RefreshRequest, clock: Clock): Refresh {
  const now = timestampOf(clock);
  const isBack = refresh.status === 'RollbackInProgress';
  if (end === 'cancel') return { ...refresh, status: 'Cancelled', statusReason: 'Cancelled by user.', endTime: now };
  if (end === 'rollback' && !isBack) return turned(refresh, 'Rollback was requested by the user.', clock);
  return refresh;
}

function turned(refresh: Refresh, rollbackReason: string, clock: Clock): Refresh {
  const { total: _total, checkpointAt: _pause, doneAt: _done, passedCheckpoints: _passed, ...rest } = refresh;
  return { ...rest, status: 'RollbackInProgress', rollbackReason, rollbackStartTime: timestampOf(clock), percentageCompleteOnRollback: refresh.percentageComplete ?? 0, percentageComplete: 0 };
}

function targetOf(refresh: Refresh, group: AutoScalingGroup): LaunchSource {
  if (refresh.status === 'RollbackInProgress') return refresh.formerConfiguration ?? sourceOf(group);
  const { desiredConfiguration: desired } = refresh;
  return desired?.launchTemplate ?? desired?.mixedInstancesPolicy ? { ...desired } : sourceOf(group);
}

function advance(refresh: Refresh, group: AutoScalingGroup, members: readonly Member[], read: Read, clock: Clock): RefreshStep {
  if (isRefreshOver(refresh)) return { ...nothing, refresh };
  const { preferences } = refresh;
  const source = targetOf(refresh, group);
  const candidates = candidatesFor(source, { namespace: group.metadata.namespace, read, now: clock.now() });
  if (isObjection(candidates)) return failedOrWaiting(refresh, candidates.message, source, group, clock);
  const isBack = refresh.status === 'RollbackInProgress';
  const isOutdated = (member: Member): boolean =>
    preferences.skipMatching || isBack ? !matchesAny(member, candidates) : isOlder(member, refresh);
  const isReady = (member: Member): boolean => isInService(member) && (isOlder(member, refresh) || isWarmedUp(member, group, preferences, clock));
  const living = members.filter((member) => !isLeaving(member) && member.spec.autoScaling.warm !== true);
  const outdated = living.filter((member) => isOutdated(member) && !isIgnored(member, preferences));
  const total = refresh.total ?? outdated.length;
  const measured: Refresh = { ...refresh, total, instancesToUpdate: outdated.length, percentageComplete: percentage(total, outdated.length, refresh.percentageComplete) };
  const isSettled = living.filter(isReady).length >= Math.min(desiredCapacityOf(group), living.length) && living.length >= desiredCapacityOf(group);
  const goal = goalOf(measured);
  const mayEnd = Math.max(0, outdated.length - Math.max(0, total - Math.ceil((total * goal) / 100)));
  if (mayEnd === 0) return atGoal(measured, goal, isSettled, source, group, clock);
  const problem = launchProblemOf(group, refresh, clock);
  if (problem !== undefined) return failedOrWaiting(measured, problem, source, group, clock);
  const touchable = outdated.filter((member) => isTouchable(member, preferences)).slice(0, mayEnd);
  const warmUp = nextWarmUp(living, group, preferences, clock);
  return { refresh: measured, source, outdated: touchable, preferences, isReady, adopt: undefined, nextLook: warmUp };
}

/** Whether a member was there when the refresh began: by the number of its launch; one that the group did not launch by its time, which is less exact. */
function isOlder({ metadata, spec }: Member, { startTime, firstOrdinal }: Refresh): boolean {
  const { ordinal } = spec.autoScaling;
  if (ordinal !== undefined && firstOrdinal !== undefined) return ordinal < firstOrdinal;
  // Times of Kubernetes have whole seconds.
  return Date.parse(metadata.creationTimestamp ?? '') < Math.floor(Date.parse(startTime) / 1000) * 1000;
}

function percentage(total: number, left: number, before: number | undefined): number {
  if (total === 0) return 100;
  return Math.max(before ?? 0, Math.min(100, Math.floor(((total - left) / total) * 100)));
}

function isIgnored({ spec }: Member, { scaleInProtectedInstances, standbyInstances }: RefreshPreferences): boolean {
  if (spec.autoScaling.standby === true) return standbyInstances === 'Ignore';
  return spec.autoScaling.protectedFromScaleIn === true && scaleInProtectedInstances === 'Ignore';
}

function isTouchable({ spec }: Member, { scaleInProtectedInstances, standbyInstances }: RefreshPreferences): boolean {
  if (spec.autoScaling.standby === true) return standbyInstances === 'Terminate';
  return spec.autoScaling.protectedFromScaleIn !== true || scaleInProtectedInstances === 'Refresh';
}

/** The share at which the refresh next pauses or ends. */
function goalOf({ preferences, passedCheckpoints = 0, status }: Refresh): number {
  if (status === 'RollbackInProgress') return 100;
  const checkpoints = preferences.checkpointPercentages ?? [];
  return checkpoints[Math.min(passedCheckpoints, checkpoints.length - 1)] ?? 100;
}

function atGoal(refresh: Refresh, goal: number, isSettled: boolean, source: LaunchSource, group: AutoScalingGroup, clock: Clock): RefreshStep {
  const going: RefreshStep = { ...nothing, refresh, source, nextLook: clock.now() + 5000 };
  if (!isSettled) return going;
  const { preferences, passedCheckpoints = 0, checkpointAt, status, doneAt } = refresh;
  const checkpoints = status === 'RollbackInProgress' ? [] : (preferences.checkpointPercentages ?? []);
  const isLast = passedCheckpoints >= checkpoints.length - 1;
  if (!isLast) {
    if (checkpointAt === undefined) return { ...going, refresh: { ...refresh, checkpointAt: timestampOf(clock), statusReason: `Waiting at the checkpoint of ${String(goal)}%.` }, nextLook: clock.now() + preferences.checkpointDelay * 1000 };
    const left = preferences.checkpointDelay - secondsSince(checkpointAt, clock);
    if (left > 0) return { ...going, nextLook: clock.now() + left * 1000 };
    const { checkpointAt: _over, statusReason: _reason, ...rest } = refresh;
    return { ...going, refresh: { ...rest, passedCheckpoints: passedCheckpoints + 1 }, nextLook: clock.now() };
  }
  if (preferences.bakeTime > 0 && status === 'InProgress') return { ...going, refresh: { ...refresh, status: 'Baking', doneAt: timestampOf(clock) }, nextLook: clock.now() + preferences.bakeTime * 1000 };
  const left = status === 'Baking' ? preferences.bakeTime - secondsSince(doneAt, clock) : 0;
  if (left > 0) return { ...going, nextLook: clock.now() + left * 1000 };
  const isBack = status === 'RollbackInProgress';
  const over: Refresh = { ...refresh, status: isBack ? 'RollbackSuccessful' : 'Successful', percentageComplete: isBack ? 100 : goal, instancesToUpdate: 0, endTime: timestampOf(clock) };
  return { ...nothing, refresh: over, source, adopt: isBack ? undefined : refresh.desiredConfiguration };
}

/** Since when launches have failed for so long that the refresh has too. */
function launchProblemOf(group: AutoScalingGroup, { startTime }: Refresh, clock: Clock): string | undefined {
  const launchable = group.status?.conditions?.find(({ type }) => type === 'Launchable');
  if (launchable?.status !== 'False') return undefined;
  const since = Math.max(Date.parse(launchable.lastTransitionTime), Date.parse(startTime));
  return clock.now() - since >= FAILURE_SECONDS * 1000 ? launchable.message : undefined;
}

function failedOrWaiting(refresh: Refresh, message: string, source: LaunchSource, group: AutoScalingGroup, clock: Clock): RefreshStep {
  const isOver = secondsSince(refresh.rollbackStartTime ?? refresh.startTime, clock) >= FAILURE_SECONDS;
  if (!isOver) return { ...nothing, refresh: { ...refresh, statusReason: message.slice(0, 1023) }, source, nextLook: clock.now() + 30_000 };
  if (refresh.status === 'RollbackInProgress') return { ...nothing, refresh: { ...refresh, status: 'RollbackFailed', statusReason: message.slice(0, 1023), endTime: timestampOf(clock) } };
  if (refresh.preferences.autoRollback && refresh.desiredConfiguration !== undefined) return { ...nothing, refresh: turned(refresh, message.slice(0, 1023), clock), nextLook: clock.now() };
  return { ...nothing, refresh: { ...refresh, status: 'Failed', statusReason: message.slice(0, 1023), endTime: timestampOf(clock) } };
}

/** Seconds that a new instance has to warm up. */
function warmUpSecondsOf({ spec }: AutoScalingGroup, preferences: RefreshPreferences): number {
  const byDefault = spec.defaultInstanceWarmup === undefined || spec.defaultInstanceWarmup < 0 ? spec.healthCheckGracePeriod : spec.defaultInstanceWarmup;
  return preferences.instanceWarmup ?? byDefault;
}

/** Whether a member is in service for long enough to count. */
function isWarmedUp(member: Member, group: AutoScalingGroup, preferences: RefreshPreferences, clock: Clock): boolean {
  return lifecycleStateOf(member) === 'InService' && secondsSince(member.status?.stateTransitionTime, clock) >= warmUpSecondsOf(group, preferences);
}

function nextWarmUp(members: readonly Member[], group: AutoScalingGroup, preferences: RefreshPreferences, clock: Clock): number {
  const ends = members.filter((member) => hasStarted(member) && !isWarmedUp(member, group, preferences, clock)).map(({ status }) => Date.parse(status?.stateTransitionTime ?? '') + warmUpSecondsOf(group, preferences) * 1000);
  return Math.min(Number.POSITIVE_INFINITY, ...ends.filter((end) => end > clock.now()));
}

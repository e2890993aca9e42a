import { GROUP_SIZE_LIMIT } from '../../api/auto-scaling/auto-scaling-group.ts';
import { ScheduledActionConditions, scheduledActionNameOf, type ScheduledAction, type ScheduledActionStatus } from '../../api/auto-scaling/scheduled-action.ts';
import { AutoScalingGroup } from '../../kubernetes/resources.ts';
import { setCondition, type ConditionClaim } from '../../runtime/conditions.ts';
import type { Outcome, ReconcileContext } from '../../runtime/reconcile.ts';
import { changeSizes, type Sizes } from '../change-sizes.ts';
import { ScheduleError, scheduleOf, type Schedule } from './schedule.ts';

type Claim = Omit<ConditionClaim, 'type' | 'observedGeneration'>;

/** Longest sleep of a timer; the pass after it sleeps again. */
const LONGEST_SECONDS = 86_400;

/** Carries the action out when its time has come, and says when it will be the next time. Of times that were missed only the newest counts. */
export async function reconcile(action: ScheduledAction, context: ReconcileContext): Promise<Outcome<ScheduledActionStatus>> {
  const { spec, metadata, status = {} } = action;
  const { read, clock } = context;
  const observedGeneration = metadata.generation ?? 0;
  const scheduledActionName = scheduledActionNameOf(action);
  const now = clock.now();
  const countsFrom = countsFromOf(action, now);
  const group = read.get(AutoScalingGroup, { namespace: metadata.namespace, name: spec.autoScalingGroup });
  const outcome = (claim: Claim, times: Pick<ScheduledActionStatus, 'nextTime' | 'lastTime'>, events: Outcome<unknown>['events'] = []): Outcome<ScheduledActionStatus> => ({
    status: {
      scheduledActionName,
      ...times,
      countsFrom,
      observedGeneration,
      conditions: setCondition(status.conditions, { type: ScheduledActionConditions.scheduled, ...claim, observedGeneration }, clock),
    },
    events,
    ...(times.nextTime !== undefined && { requeueAfterSeconds: Math.min(LONGEST_SECONDS, Math.max(1, Math.ceil((Date.parse(times.nextTime) - now) / 1000))) }),
  });
  const since = Math.max(Date.parse(countsFrom), Date.parse(status.lastTime ?? countsFrom));
  let schedule: Schedule;
  try {
    schedule = scheduleOf(action, since, now);
  } catch (error) {
    if (!(error instanceof ScheduleError)) throw error;
    return outcome({ status: 'False', reason: 'InvalidSchedule', message: `${error.message}; mend recurrence or timeZone` }, { lastTime: status.lastTime });
  }
  const next = schedule.next === undefined ? undefined : new Date(schedule.next).toISOString();
  const last = schedule.due === undefined ? status.lastTime : new Date(schedule.due).toISOString();
  if (group === undefined) {
    return outcome({ status: 'False', reason: 'GroupNotFound', message: `AutoScalingGroup ${spec.autoScalingGroup} does not exist; create it` }, { nextTime: next, lastTime: status.lastTime });
  }
  if (schedule.due === undefined) {
    const done: Claim = status.lastTime === undefined ? { status: 'False', reason: 'TimeIsPast', message: 'The time was over when the action was made; set another startTime' } : { status: 'False', reason: 'Done', message: 'The action has been carried out and does not recur.' };
    return outcome(next === undefined ? done : { status: 'True', reason: 'Waiting', message: `Happens next at ${next}.` }, { nextTime: next, lastTime: last });
  }
  const result = await carryOut(action, group, schedule.due, context);
  return outcome(result.claim, { nextTime: next, lastTime: last }, result.events);
}

/** From when on times count: since the action was made or last changed, and a moment before, so that a change for right now is not lost on the way here. */
function countsFromOf({ metadata, status }: ScheduledAction, now: number): string {
  const isChanged = status?.observedGeneration !== undefined && status.observedGeneration !== metadata.generation;
  if (!isChanged && status?.countsFrom !== undefined) return status.countsFrom;
  const changedAt = isChanged ? now : Date.parse(metadata.creationTimestamp ?? new Date(now).toISOString());
  return new Date(changedAt - 60_000).toISOString();
}

async function carryOut(action: ScheduledAction, group: AutoScalingGroup, due: number, context: ReconcileContext): Promise<{ claim: Claim; events: Outcome<unknown>['events'] }> {
  const { minSize, maxSize, desiredCapacity } = action.spec;
  const name = scheduledActionNameOf(action);
  if (group.spec.suspendedProcesses?.includes('ScheduledActions') === true) {
    return { claim: { status: 'True', reason: 'Suspended', message: 'The last time passed without effect: the process ScheduledActions of the group is suspended.' }, events: [] };
  }
  const sizes: Sizes = { minSize: minSize ?? group.spec.minSize, maxSize: maxSize ?? group.spec.maxSize, desiredCapacity: desiredCapacity ?? group.spec.desiredCapacity };
  if (sizes.minSize > sizes.maxSize || sizes.maxSize > GROUP_SIZE_LIMIT) {
    const message = `minSize ${String(sizes.minSize)} would be greater than maxSize ${String(sizes.maxSize)}; set both in the action`;
    return { claim: { status: 'False', reason: 'ContradictorySizes', message }, events: [{ type: 'Warning', reason: 'ContradictorySizes', message }] };
  }
  const settings = [['min size', minSize], ['max size', maxSize], ['desired capacity', desiredCapacity]].filter(([, size]) => size !== undefined).map(([what, size]) => `${String(what)} to ${String(size)}`);
  const cause = `the scheduled action ${name} for ${new Date(due).toISOString()} executed. Setting ${settings.join(', ')}.`;
  await changeSizes(group, sizes, cause, context);
  return { claim: { status: 'True', reason: 'Executed', message: cause }, events: [{ type: 'Normal', reason: 'Executed', message: cause }] };
}

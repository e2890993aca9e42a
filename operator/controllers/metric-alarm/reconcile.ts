import { ALARM_HISTORY_LIMIT, MetricAlarmConditions, alarmNameOf, alarmPeriodOf, alarmStateOf, type AlarmState, type MetricAlarm, type MetricAlarmStatus } from '../../api/monitoring/metric-alarm.ts';
import { alarmDatapoints, evaluateAlarm, type Verdict } from '../../metrics/alarm-evaluation.ts';
import { metricsSourceOf, type MetricsSettings } from '../../metrics/metrics-source-of.ts';
import { MetricsUnavailable, UnsupportedMetric } from '../../metrics/metrics-source.ts';
import { setCondition, type ConditionClaim } from '../../runtime/conditions.ts';
import type { Outcome, ReconcileContext } from '../../runtime/reconcile.ts';
import { actOnInstances } from './act-on-instances.ts';

/** CloudWatch looks at every alarm once a minute, and at those of shorter periods more often. */
const MAXIMUM_SECONDS = 60;

type Claim = Omit<ConditionClaim, 'type' | 'observedGeneration'>;
type Judgement = { claim: Claim; verdict?: Verdict };

/** Takes the state that was asked for, or else the one that the metric says, and acts when it is another one than before. */
export async function reconcile(alarm: MetricAlarm, context: ReconcileContext, settings: MetricsSettings): Promise<Outcome<MetricAlarmStatus>> {
  const { spec, status = {}, metadata } = alarm;
  const { clock } = context;
  const observedGeneration = metadata.generation ?? 0;
  const isRequested = spec.requestedState !== undefined && spec.requestedState.at !== status.requestObservedAt;
  const { claim, verdict } = isRequested ? requestedJudgement(alarm) : await judgementOf(alarm, context, settings);
  const before = alarmStateOf(alarm);
  const state = verdict?.state ?? before;
  const isChange = state !== before;
  if (isChange) await actOnInstances(alarm, state, context);
  const at = new Date(clock.now()).toISOString();
  const isReconfigured = !isRequested && observedGeneration !== (status.observedGeneration ?? 1);
  const isNews = isChange || isRequested || status.state === undefined;
  return {
    status: {
      ...status,
      alarmName: alarmNameOf(alarm),
      state,
      ...(isNews && {
        stateReason: verdict?.reason ?? 'Unchecked: Initial alarm creation',
        stateReasonData: verdict?.reasonData,
        stateUpdatedAt: isChange || status.stateUpdatedAt === undefined ? at : status.stateUpdatedAt,
      }),
      ...(isChange && { history: [{ at, oldState: before, newState: state, reason: verdict?.reason ?? '' }, ...(status.history ?? [])].slice(0, ALARM_HISTORY_LIMIT) }),
      ...(isReconfigured && { configurationUpdatedAt: at }),
      ...(isRequested && { requestObservedAt: spec.requestedState?.at }),
      observedGeneration,
      conditions: setCondition(status.conditions, { type: MetricAlarmConditions.evaluated, ...claim, observedGeneration }, clock),
    },
    requeueAfterSeconds: Math.min(MAXIMUM_SECONDS, alarmPeriodOf(alarm)),
    ...(isChange && { events: [eventOf(state, verdict?.reason ?? '')] }),
  };
}

function requestedJudgement({ spec }: MetricAlarm): Judgement {
  const { state, reason = '', reasonData = '' } = spec.requestedState ?? {};
  const claim: Claim = { status: 'True', reason: 'StateRequested', message: 'The state was set by hand, until the next evaluation.' };
  return { claim, verdict: { state, reason, reasonData } };
}

async function judgementOf(alarm: MetricAlarm, { read, clock }: ReconcileContext, settings: MetricsSettings): Promise<Judgement> {
  const now = clock.now();
  try {
    const datapoints = await alarmDatapoints(alarm, metricsSourceOf(settings, read, clock), now);
    return { claim: { status: 'True', reason: 'Evaluated', message: 'The metric is compared with the threshold.' }, verdict: evaluateAlarm(alarm, datapoints, now) };
  } catch (error) {
    if (error instanceof UnsupportedMetric) return { claim: { status: 'False', reason: error.reason, message: error.message } };
    if (error instanceof MetricsUnavailable) return { claim: { status: 'Unknown', reason: 'MetricsUnavailable', message: `${error.message}; the state stays as it is until it does` } };
    throw error;
  }
}

function eventOf(state: AlarmState, reason: string): { type: 'Normal' | 'Warning'; reason: string; message: string } {
  return { type: state === 'ALARM' ? 'Warning' : 'Normal', reason: state === 'ALARM' ? 'Alarm' : state === 'OK' ? 'Ok' : 'InsufficientData', message: reason };
}

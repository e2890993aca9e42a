import { z } from 'zod';
import { defineCustomResource, type CustomResource } from '../custom-resource.ts';
import { Dimensions, MetricName, MetricNamespace, STATISTICS } from './metric.ts';
import { MetricDataQueries, periodOfQueries } from './metric-data-query.ts';
import { Conditions, Tags } from '../shared.ts';

/** Condition types of a MetricAlarm. */
export const MetricAlarmConditions = {
  /** Its metric can be asked for. */
  evaluated: 'Evaluated',
} as const;

/** Changes of state that an alarm remembers. */
export const ALARM_HISTORY_LIMIT = 50;

export const ALARM_STATES = ['OK', 'ALARM', 'INSUFFICIENT_DATA'] as const;
const AlarmState = z.enum(ALARM_STATES);
export type AlarmState = z.infer<typeof AlarmState>;

/** Comparisons with a threshold; those with the band of an anomaly detector are not to be had. */
export const COMPARISON_OPERATORS = ['GreaterThanOrEqualToThreshold', 'GreaterThanThreshold', 'LessThanThreshold', 'LessThanOrEqualToThreshold'] as const;
/** What a period without data counts as. */
export const MISSING_DATA_TREATMENTS = ['breaching', 'notBreaching', 'ignore', 'missing'] as const;

const Actions = z.array(z.string().min(1).max(1024)).max(5).meta({ 'x-kubernetes-list-type': 'set' });

const MetricAlarmSpec = z.object({
  alarmName: z
    .string()
    .min(1)
    .max(255)
    .optional()
    .describe('Name in CloudWatch, unique in the account. By default the name of the resource.')
    .meta({ 'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: 'alarmName cannot be changed; make a new MetricAlarm' }] }),
  alarmDescription: z.string().max(1024).optional().describe('For people.'),
  actionsEnabled: z.boolean().default(true).describe('Whether a change of state leads to actions.'),
  alarmActions: Actions.optional().describe('ARNs of what is done in the state ALARM: scaling policies, and arn:aws:automate:<region>:ec2:stop, terminate or reboot.'),
  okActions: Actions.optional().describe('ARNs of what is done in the state OK.'),
  insufficientDataActions: Actions.optional().describe('ARNs of what is done in the state INSUFFICIENT_DATA.'),
  namespace: MetricNamespace.optional(),
  metricName: MetricName.optional(),
  dimensions: Dimensions.optional(),
  metrics: MetricDataQueries.optional().describe('What is compared instead of a single metric: metrics and expressions, one of which is the result.'),
  statistic: z.enum(STATISTICS).optional().describe('Statistic of each period.'),
  extendedStatistic: z.string().max(10).regex(/^p([0-9]{1,2}(\.[0-9]{1,2})?|100)$/, 'extendedStatistic must be a percentile from p0 to p100').optional().describe('Percentile of each period instead of a statistic: p50, p99.9.'),
  unit: z.string().max(32).optional().describe('Unit of the metric. Recorded: metrics have one unit here.'),
  period: z
    .int()
    .min(10)
    .max(86400)
    .optional()
    .describe('Seconds of one period: 10, 20, 30 or a multiple of 60.')
    .meta({ 'x-kubernetes-validations': [{ rule: 'self in [10, 20, 30] || self % 60 == 0', message: 'period must be 10, 20, 30 or a multiple of 60' }] }),
  evaluationPeriods: z.int().min(1).max(8640).describe('Periods that are looked at.'),
  datapointsToAlarm: z.int().min(1).max(8640).optional().describe('How many of them must be beyond the threshold; by default all.'),
  threshold: z.number().describe('What the statistic is compared with.'),
  comparisonOperator: z.enum(COMPARISON_OPERATORS).describe('When the threshold counts as crossed.'),
  treatMissingData: z.enum(MISSING_DATA_TREATMENTS).default('missing').describe('What a period without data counts as.'),
  evaluateLowSampleCountPercentile: z.enum(['evaluate', 'ignore']).optional().describe('Recorded.'),
  requestedState: z
    .object({
      state: AlarmState.describe('State to take for the time being.'),
      reason: z.string().max(1023).describe('Why.'),
      reasonData: z.string().max(4000).optional().describe('The same for programs, in JSON.'),
      at: z.iso.datetime().describe('When it was asked for; a later time is a new request.'),
    })
    .optional()
    .describe('Sets the state by hand, until the next evaluation.'),
  tags: Tags.optional(),
});
export type MetricAlarmSpec = z.infer<typeof MetricAlarmSpec>;

const HistoryItem = z.object({
  at: z.iso.datetime().describe('When.'),
  oldState: AlarmState.describe('State before.'),
  newState: AlarmState.describe('State after.'),
  reason: z.string().max(1023).describe('Why.'),
});

const MetricAlarmStatus = z.object({
  alarmName: z.string().optional().describe('Name in CloudWatch.'),
  state: AlarmState.optional().describe('State of the alarm.'),
  stateReason: z.string().max(1023).optional().describe('Why it is in that state.'),
  stateReasonData: z.string().max(4000).optional().describe('The same for programs, in JSON.'),
  stateUpdatedAt: z.iso.datetime().optional().describe('When the state last changed.'),
  configurationUpdatedAt: z.iso.datetime().optional().describe('When a change of the spec was last seen, requests for a state not counted; none yet if absent.'),
  requestObservedAt: z.iso.datetime().optional().describe('The last requestedState that was carried out.'),
  history: z.array(HistoryItem).max(ALARM_HISTORY_LIMIT).optional().meta({ 'x-kubernetes-list-type': 'atomic' }).describe('Changes of state, newest first.'),
  observedGeneration: z.int().optional().describe('metadata.generation that this status was computed from.'),
  conditions: Conditions.optional(),
});
export type MetricAlarmStatus = z.infer<typeof MetricAlarmStatus>;
export type MetricAlarm = CustomResource<MetricAlarmSpec, MetricAlarmStatus>;

/** Name of an alarm as CloudWatch shows it. */
export function alarmNameOf({ metadata, spec }: MetricAlarm): string {
  return spec.alarmName ?? metadata.name;
}

/** Seconds of one period of what an alarm looks at. */
export function alarmPeriodOf({ spec }: Pick<MetricAlarm, 'spec'>): number {
  return spec.period ?? periodOfQueries(spec.metrics ?? []);
}

/** Periods beyond the threshold that make an alarm. */
export function datapointsToAlarmOf({ spec }: Pick<MetricAlarm, 'spec'>): number {
  return spec.datapointsToAlarm ?? spec.evaluationPeriods;
}

/** State of an alarm; one that was never evaluated knows too little. */
export function alarmStateOf({ status }: MetricAlarm): AlarmState {
  return status?.state ?? 'INSUFFICIENT_DATA';
}

/** What an alarm does in a state; nothing while its actions are switched off. */
export function actionsIn({ spec }: MetricAlarm, state: AlarmState): readonly string[] {
  if (!spec.actionsEnabled) return [];
  if (state === 'ALARM') return spec.alarmActions ?? [];
  return (state === 'OK' ? spec.okActions : spec.insufficientDataActions) ?? [];
}

/** Everything that an alarm may do. */
export function allActionsOf({ spec }: MetricAlarm): string[] {
  return [...(spec.alarmActions ?? []), ...(spec.okActions ?? []), ...(spec.insufficientDataActions ?? [])];
}

/** MetricAlarm: watches a metric and acts when it crosses a threshold. */
export const MetricAlarmDefinition = defineCustomResource({
  kind: 'MetricAlarm',
  plural: 'metricalarms',
  shortNames: ['alarm'],
  namespaced: true,
  description: 'A metric alarm as CloudWatch has it: compares a metric with a threshold, period by period, and acts when its state changes.',
  spec: MetricAlarmSpec,
  status: MetricAlarmStatus,
  printerColumns: [
    { name: 'State', type: 'string', path: '.status.state' },
    { name: 'Metric', type: 'string', path: '.spec.metricName' },
    { name: 'Threshold', type: 'number', path: '.spec.threshold' },
    { name: 'Updated', type: 'date', path: '.status.stateUpdatedAt' },
    { name: 'Reason', type: 'string', path: '.status.stateReason', priority: 1 },
  ],
  specRules: [
    { rule: 'has(self.metrics) != has(self.metricName)', message: 'set either metricName or metrics', fieldPath: '.metricName' },
    { rule: 'has(self.metricName) == has(self.namespace) && has(self.metricName) == has(self.period)', message: 'namespace and period go with metricName', fieldPath: '.metricName' },
    { rule: 'has(self.metrics) || has(self.statistic) != has(self.extendedStatistic)', message: 'set either statistic or extendedStatistic', fieldPath: '.statistic' },
    {
      rule: '!has(self.metrics) || !(has(self.statistic) || has(self.extendedStatistic) || has(self.dimensions) || has(self.unit))',
      message: 'statistic, dimensions and unit stand in the metrics',
      fieldPath: '.metrics',
    },
    { rule: '!has(self.datapointsToAlarm) || self.datapointsToAlarm <= self.evaluationPeriods', message: 'datapointsToAlarm must not be greater than evaluationPeriods', fieldPath: '.datapointsToAlarm' },
    { rule: '!has(self.period) || self.period * self.evaluationPeriods <= (self.period < 3600 ? 86400 : 604800)', message: 'period times evaluationPeriods must not exceed a day, or a week for periods of an hour or more', fieldPath: '.evaluationPeriods' },
    { rule: 'has(self.alarmName) == has(oldSelf.alarmName)', message: 'alarmName cannot be added or removed; make a new MetricAlarm', fieldPath: '.alarmName' },
  ],
});

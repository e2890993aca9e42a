import { autoScalingGroupNameOf } from '../api/auto-scaling/auto-scaling-group.ts';
import { hasStarted, isEnding, isMemberOf, lifecycleStateOf, weightOf, type Member } from '../api/auto-scaling/auto-scaling-member.ts';
import type { Read } from '../kubernetes/read.ts';
import { AutoScalingGroup, Instance } from '../kubernetes/resources.ts';
import { UnsupportedMetric, type Datapoint, type MetricQuery } from './metrics-source.ts';

/** Namespace of metrics of groups. */
export const GROUP_NAMESPACE = 'AWS/AutoScaling';

const MINUTE = 60_000;
/** How far back the instances tell: resources of ended ones go after an hour. */
const HISTORY_MINUTES = 60;

/** From when until when a member counts, milliseconds since the epoch. */
interface Span {
  from: number;
  until: number;
}

interface GroupMetric {
  spanOf: (member: Member) => Span;
  weightOf: (member: Member) => number;
}

/**
 * The metrics that can be told from what the instances say of themselves.
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-metrics.html
 */
export const groupMetrics: Readonly<Record<string, GroupMetric>> = {
  GroupInServiceInstances: { spanOf: serviceOf, weightOf: () => 1 },
  GroupInServiceCapacity: { spanOf: serviceOf, weightOf },
  GroupTotalInstances: { spanOf: lifeOf, weightOf: () => 1 },
  GroupTotalCapacity: { spanOf: lifeOf, weightOf },
};

/** The metrics of a group that are collected here: those that it enables and that can be told. Pure. */
export function collectedMetricsOf({ spec }: AutoScalingGroup): string[] {
  return (spec.enabledMetrics ?? []).filter((name) => Object.hasOwn(groupMetrics, name));
}

/**
 * Datapoints of a metric of a group, counted anew from what its instances tell of themselves, minute by minute of the last hour. As with Auto Scaling there
 * are none before the group enables the metric.
 * @throws UnsupportedMetric
 */
export function groupDatapoints(namespace: string | undefined, query: MetricQuery, read: Read, now: number): Datapoint[] {
  const metric = Object.hasOwn(groupMetrics, query.metricName) ? groupMetrics[query.metricName] : undefined;
  if (metric === undefined) {
    throw new UnsupportedMetric('UnknownMetric', `The metric ${query.metricName} of groups is not to be had; there are ${Object.keys(groupMetrics).join(', ')}`);
  }
  if (query.periodSeconds % 60 !== 0) {
    throw new UnsupportedMetric('UnsupportedPeriod', 'Metrics of groups have a value a minute: the period must be a multiple of 60');
  }
  const statistic = statistics[query.stat];
  if (statistic === undefined) throw new UnsupportedMetric('UnsupportedStatistic', `The statistic ${query.stat} is not supported for metrics of groups`);
  const [dimension, ...others] = query.dimensions;
  if (dimension?.name !== 'AutoScalingGroupName' || others.length > 0) return [];
  const group = read.list(AutoScalingGroup, namespace).find((candidate) => autoScalingGroupNameOf(candidate) === dimension.value);
  if (group === undefined || !collectedMetricsOf(group).includes(query.metricName)) return [];
  const born = Date.parse(group.metadata.creationTimestamp ?? '');
  const first = Math.ceil(Math.max(query.from, born, now - HISTORY_MINUTES * MINUTE) / MINUTE) * MINUTE;
  const counts = countsByMinute(membersOf(group, read), metric, first, Math.min(query.to, Math.floor(now / MINUTE) * MINUTE));
  return byPeriod(counts, first, query.periodSeconds * 1000).map(([at, values]) => ({ at, value: statistic(values) }));
}

function membersOf(group: AutoScalingGroup, read: Read): Member[] {
  return read.list(Instance, group.metadata.namespace).flatMap((instance) => (isMemberOf(group, instance) ? [instance] : []));
}

/** How much there was at the end of each minute. */
function countsByMinute(members: readonly Member[], metric: GroupMetric, first: number, end: number): number[] {
  const length = Math.max(0, (end - first) / MINUTE);
  const changes = Array.from({ length: length + 1 }, () => 0);
  const indexOf = (time: number): number => Math.min(length, Math.max(0, Math.ceil((time - first) / MINUTE) - 1));
  for (const member of members) {
    const { from, until } = metric.spanOf(member);
    if (!(from < until)) continue;
    const [begin, stop] = [indexOf(from), indexOf(until)];
    changes[begin] = (changes[begin] ?? 0) + metric.weightOf(member);
    changes[stop] = (changes[stop] ?? 0) - metric.weightOf(member);
  }
  let count = 0;
  return changes.slice(0, length).map((change) => (count += change));
}

function byPeriod(counts: readonly number[], first: number, period: number): [number, number[]][] {
  const periods = new Map<number, number[]>();
  for (const [index, count] of counts.entries()) {
    const at = Math.floor((first + index * MINUTE) / period) * period;
    periods.set(at, [...(periods.get(at) ?? []), count]);
  }
  return [...periods];
}

const statistics: Readonly<Record<string, ((values: readonly number[]) => number) | undefined>> = {
  Average: (values) => values.reduce((sum, value) => sum + value, 0) / values.length,
  Sum: (values) => values.reduce((sum, value) => sum + value, 0),
  Minimum: (values) => Math.min(...values),
  Maximum: (values) => Math.max(...values),
  SampleCount: (values) => values.length,
};

const NEVER: Span = { from: Number.POSITIVE_INFINITY, until: Number.NEGATIVE_INFINITY };

/** From the launch or the attachment until it has ended. */
function lifeOf({ metadata, spec, status }: Member): Span {
  if (spec.autoScaling.warm === true) return NEVER;
  const from = Date.parse(spec.autoScaling.attachedAt ?? metadata.creationTimestamp ?? '');
  return { from, until: status?.state === 'terminated' ? Date.parse(status.stateTransitionTime ?? '') : Number.POSITIVE_INFINITY };
}

/** From when it was up until it began to leave; what was before a stay on standby is forgotten. */
function serviceOf(member: Member): Span {
  const { metadata, spec, status } = member;
  const { warm, standby, standbyAt, leaving, attachedAt } = spec.autoScaling;
  if (warm === true || !hasStarted(member) || lifecycleStateOf(member) === 'Pending:Wait') return NEVER;
  const started = (status?.state === 'running' ? status.stateTransitionTime : status?.launchTime) ?? metadata.creationTimestamp ?? '';
  const up = Math.max(Date.parse(started), timeOf(attachedAt));
  const ended = isEnding(member) ? Date.parse(status?.stateTransitionTime ?? '') : Number.POSITIVE_INFINITY;
  const left = leaving === undefined ? ended : Date.parse(leaving.at);
  if (standby === true) return { from: up, until: Math.min(left, timeOf(standbyAt)) };
  return { from: Math.max(up, timeOf(standbyAt)), until: left };
}

function timeOf(time: string | undefined): number {
  return time === undefined ? Number.NEGATIVE_INFINITY : Date.parse(time);
}

import { createHash } from 'node:crypto';
import { metricKeyOf } from '../../../api/monitoring/metric.ts';
import { MetricSeriesDefinition, SERIES_LIMIT, SERIES_MINUTES, type Minute } from '../../../api/monitoring/metric-series.ts';
import { isAlreadyExists, isConflict, isNotFound } from '../../../kubernetes/errors.ts';
import { MetricSeries } from '../../../kubernetes/resources.ts';
import { mergedMinute } from '../../../metrics/custom-metrics.ts';
import { AwsError } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import type { PutValue } from './metric-values.ts';

/** At most so often a replica writes one series, however many calls there are: what comes in between goes along with the next write. */
const INTERVAL_MILLISECONDS = 1000;
const TRIES = 8;

interface Batch {
  values: PutValue[];
  done: Promise<void>;
}

/** Batches that have not begun to be written, by caller and series. */
const waiting = new Map<string, Batch>();
/** When a series may be written again, by the same key; only those of the last second. */
const restingUntil = new Map<string, number>();

/** Keeps values, and resolves once they are in the API server: those of several calls for one series in one write. @throws AwsError LimitExceeded */
export async function writeValues(values: readonly PutValue[], context: OperationContext): Promise<void> {
  const bySeries = Map.groupBy(values, ({ metric }) => seriesObjectName(metric));
  await Promise.all([...bySeries].map(async ([name, group]) => enqueue(name, group, context)));
}

/** Name of the object of a metric: the same for the same metric, so that of two first values at once one makes it. */
export function seriesObjectName(metric: PutValue['metric']): string {
  return `metric-${createHash('sha256').update(metricKeyOf(metric)).digest('hex').slice(0, 40)}`;
}

async function enqueue(name: string, values: readonly PutValue[], context: OperationContext): Promise<void> {
  const key = [context.caller.kubernetesUser, context.caller.namespace, name].join(' ');
  const known = waiting.get(key);
  if (known) {
    known.values.push(...values);
    return known.done;
  }
  const batch: Batch = { values: [...values], done: Promise.resolve() };
  waiting.set(key, batch);
  batch.done = writeInTime(key, name, batch, context);
  return batch.done;
}

async function writeInTime(key: string, name: string, batch: Batch, context: OperationContext): Promise<void> {
  const rest = (restingUntil.get(key) ?? 0) - performance.now();
  // A turn of the event loop at least: what else the same call brings for the series comes along.
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, rest)));
  waiting.delete(key);
  const until = performance.now() + INTERVAL_MILLISECONDS;
  restingUntil.set(key, until);
  setTimeout(() => restingUntil.get(key) === until && restingUntil.delete(key), INTERVAL_MILLISECONDS).unref();
  await writeSeries(name, batch.values, context);
}

async function writeSeries(name: string, values: readonly PutValue[], context: OperationContext): Promise<void> {
  const { read, live, write, caller } = context;
  const key = { namespace: caller.namespace, name };
  let known = read.get(MetricSeries, key);
  for (let tried = 1; ; tried += 1) {
    const current = known;
    try {
      await (current ? write.patch(MetricSeries, key, { metadata: { resourceVersion: current.metadata.resourceVersion }, spec: changeOf(current, values) }) : create(name, values, context));
      return;
    } catch (error) {
      const isLost = isConflict(error) || isAlreadyExists(error) || isNotFound(error);
      if (!isLost || tried === TRIES) throw error;
      known = await live.fetch(MetricSeries, key);
    }
  }
}

async function create(name: string, values: readonly PutValue[], { read, write, caller }: OperationContext): Promise<void> {
  if (read.list(MetricSeries, caller.namespace).length >= SERIES_LIMIT) {
    throw new AwsError('LimitExceeded', `An account may have ${String(SERIES_LIMIT)} custom metrics here; use Prometheus for more.`);
  }
  const [first] = values as [PutValue];
  const { namespace, metricName, dimensions } = first.metric;
  await write.create(MetricSeries, {
    apiVersion: MetricSeriesDefinition.apiVersion,
    kind: MetricSeriesDefinition.kind,
    metadata: { name, namespace: caller.namespace },
    spec: { namespace, metricName, ...(dimensions.length > 0 && { dimensions: [...dimensions] }), ...unitOf(values), minutes: minutesWith([], values) },
  });
}

function changeOf({ spec }: MetricSeries, values: readonly PutValue[]): { minutes: Minute[]; unit?: string } {
  return { minutes: minutesWith(spec.minutes, values), ...unitOf(values) };
}

function unitOf(values: readonly PutValue[]): { unit?: string } {
  const unit = values.findLast((value) => value.unit !== undefined)?.unit;
  return unit === undefined ? {} : { unit };
}

/** The minutes with more values, the newest of them. */
function minutesWith(minutes: readonly Minute[], values: readonly PutValue[]): Minute[] {
  const byTime = new Map(minutes.map((minute) => [minute.at, minute]));
  for (const { minute } of values) byTime.set(minute.at, mergedMinute(byTime.get(minute.at), minute));
  return [...byTime.values()].sort((left, right) => left.at - right.at).slice(-SERIES_MINUTES);
}

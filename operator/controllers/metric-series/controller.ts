import { SERIES_MINUTES } from '../../api/monitoring/metric-series.ts';
import { isConflict, isNotFound } from '../../kubernetes/errors.ts';
import { MetricSeries } from '../../kubernetes/resources.ts';
import { defineController, type AnyController, type Outcome, type ReconcileContext } from '../../runtime/reconcile.ts';

/** Removes series that nobody has put values into for as long as values are kept: they would be empty, and count against the account's limit. */
export async function reconcile({ metadata, spec }: MetricSeries, { write, clock }: ReconcileContext): Promise<Outcome<object> | undefined> {
  const newest = spec.minutes.at(-1)?.at ?? Date.parse(metadata.creationTimestamp ?? '') / 1000;
  const secondsLeft = newest + SERIES_MINUTES * 60 - clock.now() / 1000;
  if (secondsLeft > 0) return { status: {}, requeueAfterSeconds: Math.ceil(secondsLeft) };
  const { namespace, name, uid, resourceVersion } = metadata;
  await write.remove(MetricSeries, { namespace, name }, { ...(uid !== undefined && { uid }), ...(resourceVersion !== undefined && { resourceVersion }) }).catch((error: unknown) => {
    if (!isNotFound(error) && !isConflict(error)) throw error; // gone, or in use again
  });
  return undefined;
}

/** Tidies custom metrics up. */
export function metricSeriesController(): AnyController {
  return defineController({
    name: 'metric-series',
    type: MetricSeries,
    watches: [],
    permissions: [{ group: 'kube-ec2.io', resource: 'metricseries', verbs: ['delete'], reason: 'removes series whose values are all too old' }],
    concurrency: 2,
    reconcile,
  });
}

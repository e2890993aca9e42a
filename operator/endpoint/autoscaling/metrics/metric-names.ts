import { GROUP_METRICS } from '../../../api/auto-scaling/auto-scaling-group.ts';
import { validationError } from '../../model-constraints.ts';

/** The metrics that a request names; all of them if it names none. @throws AwsError ValidationError */
export function metricsFrom(names: readonly string[] | undefined): (typeof GROUP_METRICS)[number][] {
  const given = (names ?? []).filter(Boolean);
  if (given.length === 0) return [...GROUP_METRICS];
  return given.map((name) => {
    const known = GROUP_METRICS.find((metric) => metric === name);
    if (known === undefined) throw validationError(`Invalid metric type: ${name}.`);
    return known;
  });
}

import { SCALING_PROCESSES, type ScalingProcess } from '../../../api/auto-scaling/auto-scaling-group.ts';
import { validationError } from '../../model-constraints.ts';

/** The processes that a request names; all of them if it names none. @throws AwsError ValidationError */
export function processesFrom(names: readonly string[] | undefined): ScalingProcess[] {
  const given = (names ?? []).filter(Boolean);
  if (given.length === 0) return [...SCALING_PROCESSES];
  return given.map((name) => {
    const known = SCALING_PROCESSES.find((process) => process === name);
    if (known === undefined) throw validationError(`Invalid process type: ${name}. Valid types are [${SCALING_PROCESSES.join(', ')}].`);
    return known;
  });
}

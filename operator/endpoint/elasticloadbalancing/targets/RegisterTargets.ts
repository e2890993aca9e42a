import type { RegisterTargetsInput, RegisterTargetsOutput } from '@aws-sdk/client-elastic-load-balancing-v2';
import { TARGETS_LIMIT } from '../../../api/network/target-group.ts';
import { AwsError } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { changeTargetGroup, requireTargetGroup } from '../target-groups/find-target-groups.ts';
import { isSameTarget, targetsFrom } from './target-from.ts';

/**
 * Registers instances or addresses with a target group; those that are registered already stay.
 * @throws AwsError TargetGroupNotFound, InvalidTarget, TooManyTargets, ValidationError
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RegisterTargets.html
 */
export async function registerTargets({ TargetGroupArn, Targets }: RegisterTargetsInput, context: OperationContext): Promise<RegisterTargetsOutput> {
  const group = requireTargetGroup(TargetGroupArn, context);
  const wanted = targetsFrom(Targets, group, context);
  await changeTargetGroup(
    group,
    ({ targets = [], port }) => {
      const added = wanted.filter((target, index) => !targets.some((known) => isSameTarget(known, target, port)) && wanted.findIndex((other) => isSameTarget(other, target, port)) === index);
      if (added.length === 0) return undefined;
      if (targets.length + added.length > TARGETS_LIMIT) throw new AwsError('TooManyTargets', `A target group may have ${String(TARGETS_LIMIT)} targets.`);
      return { targets: [...targets, ...added] };
    },
    context,
  );
  return {};
}

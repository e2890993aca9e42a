import type { DeregisterTargetsInput, DeregisterTargetsOutput } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Target } from '../../../api/network/target-group.ts';
import type { OperationContext } from '../../operation.ts';
import { changeTargetGroup, requireTargetGroup } from '../target-groups/find-target-groups.ts';
import { validationError } from '../../model-constraints.ts';

/**
 * Takes targets out of a target group, at once; without a port all ports of them. Those that are not registered are passed over.
 * @throws AwsError TargetGroupNotFound, ValidationError
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeregisterTargets.html
 */
export async function deregisterTargets({ TargetGroupArn, Targets }: DeregisterTargetsInput, context: OperationContext): Promise<DeregisterTargetsOutput> {
  const group = requireTargetGroup(TargetGroupArn, context);
  if (!Targets || Targets.length === 0) throw validationError('At least one target must be specified');
  await changeTargetGroup(
    group,
    ({ targets = [], port }) => {
      const isLeaving = (target: Target): boolean => Targets.some(({ Id, Port }) => Id === target.id && (Port === undefined || Port === (target.port ?? port)));
      const rest = targets.filter((target) => !isLeaving(target));
      return rest.length === targets.length ? undefined : { targets: rest };
    },
    context,
  );
  return {};
}

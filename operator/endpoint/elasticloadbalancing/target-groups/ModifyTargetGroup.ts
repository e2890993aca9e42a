import type { ModifyTargetGroupInput, ModifyTargetGroupOutput } from '@aws-sdk/client-elastic-load-balancing-v2';
import { mergePatchFrom } from '../../../kubernetes/merge-patch.ts';
import type { OperationContext } from '../../operation.ts';
import { changeTargetGroup, requireTargetGroup } from './find-target-groups.ts';
import { healthCheckFrom } from './health-check-from.ts';
import { sdkTargetGroupFrom } from './sdk-target-group.ts';

/**
 * Changes the health checks of a target group.
 * @throws AwsError TargetGroupNotFound, ValidationError, InvalidConfigurationRequest
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_ModifyTargetGroup.html
 */
export async function modifyTargetGroup(input: ModifyTargetGroupInput, context: OperationContext): Promise<ModifyTargetGroupOutput> {
  const group = requireTargetGroup(input.TargetGroupArn, context);
  const changed = await changeTargetGroup(
    group,
    ({ healthCheck }) => {
      const patch = mergePatchFrom(healthCheck, healthCheckFrom(input, healthCheck));
      return patch === undefined ? undefined : { healthCheck: patch };
    },
    context,
  );
  return { TargetGroups: [sdkTargetGroupFrom(changed, context)] };
}

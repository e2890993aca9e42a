import type { DeleteTargetGroupInput, DeleteTargetGroupOutput } from '@aws-sdk/client-elastic-load-balancing-v2';
import { isNotFound } from '../../../kubernetes/errors.ts';
import { TargetGroup } from '../../../kubernetes/resources.ts';
import type { OperationContext } from '../../operation.ts';
import { requireTargetGroup } from './find-target-groups.ts';

/**
 * Removes a target group with its Service; targets stay as they are.
 * @throws AwsError TargetGroupNotFound, ValidationError
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeleteTargetGroup.html
 */
export async function deleteTargetGroup({ TargetGroupArn }: DeleteTargetGroupInput, context: OperationContext): Promise<DeleteTargetGroupOutput> {
  const { namespace, name, uid } = requireTargetGroup(TargetGroupArn, context).metadata;
  await context.write.remove(TargetGroup, { namespace, name }, uid === undefined ? {} : { uid }).catch((error: unknown) => {
    if (!isNotFound(error)) throw error; // already gone is what we want
  });
  return {};
}

import type { PutWarmPoolType } from '@aws-sdk/client-auto-scaling';
import type { OperationContext } from '../../operation.ts';
import { changeGroup } from '../groups/change-group.ts';
import { requireGroup } from '../groups/find-group.ts';
import { requireOneOf, requireWithin, validationError } from '../../model-constraints.ts';

/**
 * Gives a group a warm pool, or changes it.
 * @throws AwsError ValidationError
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PutWarmPool.html
 */
export async function putWarmPool(input: PutWarmPoolType, context: OperationContext): Promise<object> {
  const group = requireGroup(input.AutoScalingGroupName, context);
  const { MaxGroupPreparedCapacity: maximum, MinSize, PoolState, InstanceReusePolicy } = input;
  if (PoolState === 'Hibernated') throw validationError('Hibernation is not supported. The pool state must be Stopped or Running.');
  requireWithin(MinSize, 'minSize', 0, 10000);
  requireWithin(maximum, 'maxGroupPreparedCapacity', -1, 10000);
  const poolState = PoolState === undefined ? undefined : requireOneOf(PoolState, 'poolState', ['Stopped', 'Running']);
  await changeGroup(
    group,
    ({ spec }) => {
      if (spec.mixedInstancesPolicy) throw validationError('You cannot add a warm pool to an Auto Scaling group that has a mixed instances policy.');
      const before = spec.warmPool;
      const { maxGroupPreparedCapacity: capacityBefore, ...rest } = before ?? { minSize: 0, poolState: 'Stopped' as const, reuseOnScaleIn: false };
      const capacity = maximum === undefined ? capacityBefore : maximum === -1 ? undefined : maximum;
      return {
        warmPool: {
          ...rest,
          ...(capacity !== undefined && { maxGroupPreparedCapacity: capacity }),
          ...(MinSize !== undefined && { minSize: MinSize }),
          ...(poolState !== undefined && { poolState }),
          ...(InstanceReusePolicy?.ReuseOnScaleIn !== undefined && { reuseOnScaleIn: InstanceReusePolicy.ReuseOnScaleIn }),
        },
      };
    },
    context.write,
  );
  return {};
}

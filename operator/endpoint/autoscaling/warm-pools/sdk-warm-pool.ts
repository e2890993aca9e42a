import type { WarmPoolConfiguration } from '@aws-sdk/client-auto-scaling';
import type { AutoScalingGroupSpec } from '../../../api/auto-scaling/auto-scaling-group.ts';
import type { Member } from '../../../api/auto-scaling/auto-scaling-member.ts';

/** Members in the warm pool. */
export function warmMembersOf(members: readonly Member[]): Member[] {
  return members.filter(({ spec, status }) => spec.autoScaling.warm === true && status?.state !== 'terminated');
}

/** The configuration of a warm pool in the API's shape. */
export function sdkWarmPoolFrom({ minSize, maxGroupPreparedCapacity, poolState, reuseOnScaleIn }: NonNullable<AutoScalingGroupSpec['warmPool']>): WarmPoolConfiguration {
  return {
    ...(maxGroupPreparedCapacity !== undefined && { MaxGroupPreparedCapacity: maxGroupPreparedCapacity }),
    MinSize: minSize,
    PoolState: poolState,
    InstanceReusePolicy: { ReuseOnScaleIn: reuseOnScaleIn },
  };
}

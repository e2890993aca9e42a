import { policyNameOf } from '../../../api/auto-scaling/scaling-policy.ts';
import type { ScalingPolicy } from '../../../kubernetes/resources.ts';
import type { ReadOnlyContext } from '../../operation.ts';

/** ARN of a scaling policy, with its uid. */
export function policyArn(policy: ScalingPolicy, groupName: string, { region, caller }: Pick<ReadOnlyContext, 'region' | 'caller'>): string {
  return `arn:aws:autoscaling:${region}:${caller.accountId}:scalingPolicy:${policy.metadata.uid ?? ''}:autoScalingGroupName/${groupName}:policyName/${policyNameOf(policy)}`;
}

import type { DescribePoliciesType, PoliciesType } from '@aws-sdk/client-auto-scaling';
import { AutoScalingGroup, ScalingPolicy } from '../../../kubernetes/resources.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { isNamed } from './find-policies.ts';
import { findGroup } from '../groups/find-group.ts';
import { recordsPage } from '../record-pages.ts';
import { sdkPolicyFrom } from './sdk-policy.ts';

/**
 * Lists scaling policies, of one group or of all. A group or name that is not there gives an empty list.
 * @throws AwsError ValidationError, InvalidNextToken
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribePolicies.html
 */
export async function describePolicies(input: DescribePoliciesType, context: ReadOnlyContext): Promise<PoliciesType> {
  const { AutoScalingGroupName, PolicyNames = [], PolicyTypes = [] } = input;
  const { read, caller } = context;
  const only = AutoScalingGroupName === undefined ? undefined : (findGroup(AutoScalingGroupName, context)?.metadata.name ?? '');
  const policies = read.list(ScalingPolicy, caller.namespace).flatMap((policy) => {
    const group = read.get(AutoScalingGroup, { namespace: caller.namespace, name: policy.spec.autoScalingGroup });
    const isWanted =
      (only === undefined || only === policy.spec.autoScalingGroup) &&
      (PolicyNames.length === 0 || PolicyNames.some((name) => isNamed(policy, name))) &&
      (PolicyTypes.length === 0 || PolicyTypes.includes(policy.spec.policyType));
    return group && isWanted ? [sdkPolicyFrom(policy, group, context)] : [];
  });
  const page = recordsPage(policies, input, 'DescribePolicies', context, ({ PolicyARN = '' }) => PolicyARN);
  return { ScalingPolicies: page.items, ...(page.NextToken !== undefined && { NextToken: page.NextToken }) };
}

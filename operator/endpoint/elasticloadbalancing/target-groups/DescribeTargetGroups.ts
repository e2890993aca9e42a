import type { DescribeTargetGroupsInput, DescribeTargetGroupsOutput } from '@aws-sdk/client-elastic-load-balancing-v2';
import { TargetGroup } from '../../../kubernetes/resources.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { loadBalancerNotFound } from '../load-balancers/load-balancer-not-found.ts';
import { markerPageOf } from '../pages.ts';
import { validationError } from '../../model-constraints.ts';
import { requireTargetGroup, targetGroupNotFound, targetGroupOfName } from './find-target-groups.ts';
import { sdkTargetGroupFrom } from './sdk-target-group.ts';

/**
 * Lists target groups, all or those of names or ARNs.
 * @throws AwsError TargetGroupNotFound, LoadBalancerNotFound, ValidationError
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTargetGroups.html
 */
export async function describeTargetGroups(input: DescribeTargetGroupsInput, context: ReadOnlyContext): Promise<DescribeTargetGroupsOutput> {
  const { LoadBalancerArn, TargetGroupArns = [], Names = [] } = input;
  if (LoadBalancerArn !== undefined) throw loadBalancerNotFound();
  if (TargetGroupArns.length > 0 && Names.length > 0) throw validationError('Target group names and target group ARNs cannot be specified at the same time');
  const groups = namedBy(TargetGroupArns, Names, context).map((group) => sdkTargetGroupFrom(group, context));
  const { items, NextMarker } = markerPageOf('DescribeTargetGroups', groups, input, context, ({ TargetGroupArn = '' }) => TargetGroupArn);
  return { TargetGroups: items, ...(NextMarker !== undefined && { NextMarker }) };
}

function namedBy(arns: readonly string[], names: readonly string[], context: ReadOnlyContext): readonly TargetGroup[] {
  if (arns.length === 0 && names.length === 0) return context.read.list(TargetGroup, context.caller.namespace);
  const byArn = arns.map((arn) => requireTargetGroup(arn, context));
  const byName = names.map((name) => {
    const group = targetGroupOfName(name, context);
    if (!group) throw targetGroupNotFound();
    return group;
  });
  return [...new Set([...byArn, ...byName])];
}

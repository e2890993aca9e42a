import type { DescribeTargetGroupAttributesInput, DescribeTargetGroupAttributesOutput } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { ReadOnlyContext } from '../../operation.ts';
import { attributesOf } from './attributes.ts';
import { requireTargetGroup } from './find-target-groups.ts';

/**
 * Lists the attributes of a target group. They are recorded only.
 * @throws AwsError TargetGroupNotFound, ValidationError
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTargetGroupAttributes.html
 */
export async function describeTargetGroupAttributes({ TargetGroupArn }: DescribeTargetGroupAttributesInput, context: ReadOnlyContext): Promise<DescribeTargetGroupAttributesOutput> {
  return { Attributes: attributesOf(requireTargetGroup(TargetGroupArn, context).spec) };
}

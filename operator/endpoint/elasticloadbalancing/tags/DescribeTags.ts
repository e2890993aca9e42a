import type { DescribeTagsInput, DescribeTagsOutput } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { ReadOnlyContext } from '../../operation.ts';
import { requireTargetGroup } from '../target-groups/find-target-groups.ts';
import { validationError } from '../../model-constraints.ts';

const ARNS_LIMIT = 20;

/**
 * Lists the tags of target groups.
 * @throws AwsError TargetGroupNotFound, ValidationError
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTags.html
 */
export async function describeTags({ ResourceArns = [] }: DescribeTagsInput, context: ReadOnlyContext): Promise<DescribeTagsOutput> {
  if (ResourceArns.length > ARNS_LIMIT) throw validationError(`Up to ${String(ARNS_LIMIT)} resources can be described at once`);
  const descriptions = ResourceArns.map((ResourceArn) => {
    const { tags = [] } = requireTargetGroup(ResourceArn, context).spec;
    return { ResourceArn, Tags: tags.map(({ key, value }) => ({ Key: key, Value: value })) };
  });
  return { TagDescriptions: descriptions };
}

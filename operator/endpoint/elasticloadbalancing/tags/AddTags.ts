import type { AddTagsInput, AddTagsOutput } from '@aws-sdk/client-elastic-load-balancing-v2';
import { allBounded } from '../../../kubernetes/bounded.ts';
import type { OperationContext } from '../../operation.ts';
import { changeTargetGroup, requireTargetGroup } from '../target-groups/find-target-groups.ts';
import { loadBalancingTagsFrom, requireFew } from './load-balancing-tags.ts';

/**
 * Gives target groups tags; those with the same keys are replaced.
 * @throws AwsError TargetGroupNotFound, ValidationError, DuplicateTagKeys, TooManyTags
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_AddTags.html
 */
export async function addTags({ ResourceArns = [], Tags }: AddTagsInput, context: OperationContext): Promise<AddTagsOutput> {
  const groups = ResourceArns.map((arn) => requireTargetGroup(arn, context));
  const added = loadBalancingTagsFrom(Tags);
  const merged = ({ tags = [] }: { tags?: { key: string; value: string }[] | undefined }): { tags: { key: string; value: string }[] } => ({
    tags: requireFew([...tags.filter(({ key }) => !added.some((tag) => tag.key === key)), ...added]),
  });
  await allBounded(groups, 4, async (group) => changeTargetGroup(group, merged, context));
  return {};
}

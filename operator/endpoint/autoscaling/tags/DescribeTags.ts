import type { DescribeTagsType, TagDescription, TagsType } from '@aws-sdk/client-auto-scaling';
import type { ReadOnlyContext } from '../../operation.ts';
import { matcherFrom } from '../filters.ts';
import { groupsOf } from '../groups/find-group.ts';
import { recordsPage } from '../record-pages.ts';
import { tagDescriptionsOf } from './sdk-tags.ts';

/**
 * Lists tags of groups by group and key.
 * @throws AwsError ValidationError, InvalidNextToken
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeTags.html
 */
export async function describeTags(input: DescribeTagsType, context: ReadOnlyContext): Promise<TagsType> {
  const matches = matcherFrom<TagDescription>(input.Filters, {
    'auto-scaling-group': ({ ResourceId }) => [ResourceId],
    key: ({ Key }) => [Key],
    'propagate-at-launch': ({ PropagateAtLaunch }) => [String(PropagateAtLaunch)],
    value: ({ Value }) => [Value],
  });
  const tags = groupsOf(context).flatMap(tagDescriptionsOf).filter(matches);
  const page = recordsPage(tags, input, 'DescribeTags', context, ({ ResourceId, Key }) => JSON.stringify([ResourceId, Key]));
  return { Tags: page.items, ...(page.NextToken !== undefined && { NextToken: page.NextToken }) };
}

import type { DescribeTagsRequest, DescribeTagsResult, TagDescription } from '@aws-sdk/client-ec2';
import type { ReadOnlyContext } from '../../operation.ts';
import { literalFilterValues, predicateFrom, type FilterTable } from '../filters.ts';
import { pageOf, pageScopeOf } from '../pages.ts';
import type { TaggableKind, TaggedObject } from './taggable-kind.ts';
import { findTaggable, taggableKinds } from './taggable-resources.ts';

const tagFilters: FilterTable<TagDescription> = {
  key: ({ Key }) => [Key],
  'resource-id': ({ ResourceId }) => [ResourceId],
  'resource-type': ({ ResourceType }) => [ResourceType],
  value: ({ Value }) => [Value],
};

/**
 * Lists tags by resource id and key.
 * @throws AwsError InvalidParameterValue, InvalidNextToken
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeTags.html
 */
export async function describeTags(input: DescribeTagsRequest, context: ReadOnlyContext): Promise<DescribeTagsResult> {
  // `tag:<key>` is about the very tag that is listed, not about the others of its resource.
  const matches = predicateFrom(input.Filters, tagFilters, ({ Key = '', Value = '' }: TagDescription) => [{ key: Key, value: Value }]);
  const scope = pageScopeOf('DescribeTags', context);
  const page = pageOf(tagsToLookAt(input, context).filter(matches), input, { minimum: 5, maximum: 1000 }, scope, (tag) => `${tag.ResourceId}/${tag.Key}`);
  return { Tags: page.items, ...(page.NextToken !== undefined && { NextToken: page.NextToken }) };
}

/** Clients mostly ask for the tags of one resource: then nothing else is looked at. */
function tagsToLookAt({ Filters }: DescribeTagsRequest, context: ReadOnlyContext): TagDescription[] {
  const ids = literalFilterValues(Filters, 'resource-id');
  if (ids) {
    return [...new Set(ids)].flatMap((id) => {
      const found = findTaggable(id, context);
      return found ? descriptionsFrom(found.kind, found.object, found.id) : [];
    });
  }
  const { read, caller } = context;
  return taggableKinds.flatMap((kind) => read.list(kind.type, caller.namespace).flatMap((object) => kind.idsOf(object).flatMap((id) => descriptionsFrom(kind, object, id))));
}

function descriptionsFrom(kind: TaggableKind, object: TaggedObject, ResourceId: string): TagDescription[] {
  return kind.shownTags(object, ResourceId).map(({ key, value }) => ({ ResourceId, ResourceType: kind.resourceType, Key: key, Value: value }));
}

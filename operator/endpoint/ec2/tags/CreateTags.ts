import type { CreateTagsRequest } from '@aws-sdk/client-ec2';
import type { OperationContext } from '../../operation.ts';
import { requireFewTags, tagsFrom } from '../tag-rules.ts';
import { changeTags } from './change-tags.ts';
import { requireTaggables } from './taggable-resources.ts';

/**
 * Adds tags or gives them new values. Nothing is written if one of the resources or tags is wrong.
 * @throws AwsError InvalidID, the kinds' NotFound codes, InvalidParameterValue, MissingParameter, TagLimitExceeded
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateTags.html
 */
export async function createTags(input: CreateTagsRequest, context: OperationContext): Promise<void> {
  const added = tagsFrom(input.Tags ?? [], 'Tag');
  const resources = requireTaggables(input.Resources, context);
  const addedByKey = new Map(added.map((tag) => [tag.key, tag]));
  await changeTags(
    resources,
    (tags) => {
      const known = new Set(tags.map(({ key }) => key));
      const result = [...tags.map((tag) => addedByKey.get(tag.key) ?? tag), ...added.filter(({ key }) => !known.has(key))];
      requireFewTags(result);
      return result;
    },
    context.write,
  );
}

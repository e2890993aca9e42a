import type { Tag as SdkTag, TagDescription } from '@aws-sdk/client-auto-scaling';
import { autoScalingGroupNameOf, type AutoScalingGroupSpec } from '../../../api/auto-scaling/auto-scaling-group.ts';
import type { AutoScalingGroup } from '../../../kubernetes/resources.ts';
import { tagsFrom } from '../../ec2/tag-rules.ts';
import { validationError } from '../../model-constraints.ts';
import { validated } from '../validation.ts';

/** A tag of a group. */
export type GroupTag = NonNullable<AutoScalingGroupSpec['tags']>[number];

/** The one kind of resource that has tags here. */
const RESOURCE_TYPE = 'auto-scaling-group';
const TAGS_LIMIT = 50;

/** Tags of a group in the API's shape, by key. */
export function tagDescriptionsOf(group: AutoScalingGroup): TagDescription[] {
  const ResourceId = autoScalingGroupNameOf(group);
  return (group.spec.tags ?? [])
    .map(({ key, value, propagateAtLaunch }) => ({ ResourceId, ResourceType: RESOURCE_TYPE, Key: key, Value: value, PropagateAtLaunch: propagateAtLaunch }))
    .toSorted((left, right) => (left.Key < right.Key ? -1 : 1));
}

/** Tags of a request. @throws AwsError ValidationError */
export function groupTagsFrom(tags: readonly SdkTag[] | undefined): GroupTag[] {
  const found = (tags ?? []).map(({ Key, Value, ResourceType, PropagateAtLaunch }) => {
    if (ResourceType && ResourceType !== RESOURCE_TYPE) throw validationError(`Invalid resource type: ${ResourceType}. The only supported value is ${RESOURCE_TYPE}.`);
    const [tag] = validated(() => tagsFrom([{ Key: Key ?? '', Value: Value ?? '' }], 'Tag'));
    return { key: tag?.key ?? '', value: tag?.value ?? '', propagateAtLaunch: PropagateAtLaunch ?? false };
  });
  const keys = new Set(found.map(({ key }) => key));
  if (keys.size < found.length) throw validationError('Duplicate tag keys are not allowed in one request.');
  return found;
}

/** Tags with others added or put in their place. @throws AwsError ValidationError - more than 50 */
export function withTags(tags: readonly GroupTag[] | undefined, added: readonly GroupTag[]): GroupTag[] {
  const addedByKey = new Map(added.map((tag) => [tag.key, tag]));
  const kept = (tags ?? []).map((tag) => addedByKey.get(tag.key) ?? tag);
  const known = new Set(kept.map(({ key }) => key));
  const result = [...kept, ...added.filter(({ key }) => !known.has(key))];
  if (result.length > TAGS_LIMIT) throw validationError(`The number of tags exceeds the limit of ${TAGS_LIMIT}.`);
  return result;
}

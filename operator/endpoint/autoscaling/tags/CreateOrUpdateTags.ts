import type { CreateOrUpdateTagsType } from '@aws-sdk/client-auto-scaling';
import type { OperationContext } from '../../operation.ts';
import { changeGroup } from '../groups/change-group.ts';
import { tagsByGroup } from './group-of-tag.ts';
import { groupTagsFrom, withTags } from './sdk-tags.ts';

/**
 * Adds tags to groups or gives them new values. Instances that are there already keep their tags.
 * @throws AwsError ValidationError
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CreateOrUpdateTags.html
 */
export async function createOrUpdateTags({ Tags = [] }: CreateOrUpdateTagsType, context: OperationContext): Promise<void> {
  const changes = tagsByGroup(Tags, context).map(({ group, tags }) => ({ group, added: groupTagsFrom(tags) }));
  for (const { group, added } of changes) withTags(group.spec.tags, added);
  for (const { group, added } of changes) await changeGroup(group, ({ spec }) => ({ tags: withTags(spec.tags, added) }), context.write);
}

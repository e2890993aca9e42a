import type { DeleteTagsType } from '@aws-sdk/client-auto-scaling';
import type { OperationContext } from '../../operation.ts';
import { changeGroup } from '../groups/change-group.ts';
import { tagsByGroup } from './group-of-tag.ts';

/**
 * Removes tags from groups. What is not there need not be removed.
 * @throws AwsError ValidationError
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DeleteTags.html
 */
export async function deleteTags({ Tags = [] }: DeleteTagsType, context: OperationContext): Promise<void> {
  for (const { group, tags } of tagsByGroup(Tags, context)) {
    await changeGroup(
      group,
      ({ spec }) => {
        const before = spec.tags ?? [];
        // A value that is given must be the tag's.
        const rest = before.filter(({ key, value }) => !tags.some(({ Key, Value }) => Key === key && (Value === undefined || Value === '' || Value === value)));
        if (rest.length === before.length) return undefined;
        return { tags: rest.length > 0 ? rest : null };
      },
      context.write,
    );
  }
}

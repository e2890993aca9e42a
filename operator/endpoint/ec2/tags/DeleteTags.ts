import type { DeleteTagsRequest } from '@aws-sdk/client-ec2';
import { missingParameter } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { isReservedTagKey, requireAllowedKey } from '../tag-rules.ts';
import { changeTags } from './change-tags.ts';
import { requireTaggables } from './taggable-resources.ts';

/**
 * Removes tags: a key alone whatever its value, a key with a value only if the tag has that value (an empty one, say), and without any keys all
 * tags but the service's own. What is not there need not be removed.
 * @throws AwsError InvalidID, the kinds' NotFound codes, InvalidParameterValue, MissingParameter
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteTags.html
 */
export async function deleteTags(input: DeleteTagsRequest, context: OperationContext): Promise<void> {
  const asked = (input.Tags ?? []).map(({ Key, Value }, position) => {
    if (!Key) throw missingParameter(`Tag.${position + 1}.Key`);
    requireAllowedKey(Key);
    return { key: Key, value: Value };
  });
  const isAsked = (key: string, value: string): boolean => asked.some((tag) => tag.key === key && (tag.value === undefined || tag.value === value));
  const isRemoved = asked.length === 0 ? (key: string) => !isReservedTagKey(key) : isAsked;
  await changeTags(
    requireTaggables(input.Resources, context),
    (tags) => tags.filter(({ key, value }) => !isRemoved(key, value)),
    context.write,
  );
}

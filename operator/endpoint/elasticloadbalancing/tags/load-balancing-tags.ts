import type { Tag as SdkTag } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Tag } from '../../../api/shared.ts';
import { requireFewTags, tagsFrom } from '../../ec2/tag-rules.ts';
import { AwsError } from '../../errors.ts';
import { validationError } from '../../model-constraints.ts';

/** Tags of a request, checked. @throws AwsError ValidationError, DuplicateTagKeys, TooManyTags */
export function loadBalancingTagsFrom(tags: readonly SdkTag[] | undefined): Tag[] {
  const keys = (tags ?? []).map(({ Key }) => Key);
  if (new Set(keys).size < keys.length) throw new AwsError('DuplicateTagKeys', 'A tag key was specified more than once.');
  try {
    return tagsFrom(tags ?? [], 'Tags.member');
  } catch (error) {
    if (error instanceof AwsError) throw validationError(error.message);
    throw error;
  }
}

/** @throws AwsError TooManyTags */
export function requireFew(tags: readonly Tag[]): Tag[] {
  try {
    requireFewTags(tags);
    return [...tags];
  } catch (error) {
    if (error instanceof AwsError) throw new AwsError('TooManyTags', 'The maximum number of tags has been reached.');
    throw error;
  }
}

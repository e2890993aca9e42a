import type { Tag as SdkTag } from '@aws-sdk/client-ec2';
import type { Tag } from '../../api/shared.ts';

/** Tags in the API's shape; an empty list without any, so that its element is there. */
export function sdkTagsFrom(tags: readonly Tag[] | undefined): SdkTag[] {
  return (tags ?? []).map(({ key, value }) => ({ Key: key, Value: value }));
}

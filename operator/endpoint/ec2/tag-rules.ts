import type { Tag as SdkTag } from '@aws-sdk/client-ec2';
import type { Tag } from '../../api/shared.ts';
import { AwsError, missingParameter } from '../errors.ts';

const KEY_LIMIT = 128;
const VALUE_LIMIT = 256;
const TAGS_LIMIT = 50;
const RESERVED_PREFIX = 'aws:';

/** Whether a tag belongs to the service: callers can neither write nor remove it, and it does not count against the limit. */
export function isReservedTagKey(key: string): boolean {
  return key.toLowerCase().startsWith(RESERVED_PREFIX);
}

/**
 * Tags of a request, checked. `path` is the wire name of the list (`Tag`, `TagSpecification.1.Tag`).
 * @throws AwsError MissingParameter - a tag without a key
 * @throws AwsError InvalidParameterValue - a key or value that is too long, reserved, or a key that comes twice
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html#tag-restrictions
 */
export function tagsFrom(tags: readonly SdkTag[], path: string): Tag[] {
  const keys = new Set<string>();
  return tags.map(({ Key, Value = '' }, position) => {
    if (!Key) throw missingParameter(`${path}.${position + 1}.Key`);
    requireAllowedKey(Key);
    if (lengthOf(Value) > VALUE_LIMIT) throw invalid(`Tag value exceeds the maximum length of ${VALUE_LIMIT} characters`);
    if (keys.has(Key)) throw invalid(`Duplicate tag key '${Key}' specified.`);
    keys.add(Key);
    return { key: Key, value: Value };
  });
}

/** @throws AwsError InvalidParameterValue - a key that is too long or reserved */
export function requireAllowedKey(key: string): void {
  if (lengthOf(key) > KEY_LIMIT) throw invalid(`Tag key exceeds the maximum length of ${KEY_LIMIT} characters`);
  if (isReservedTagKey(key)) throw invalid(`Tag keys starting with '${RESERVED_PREFIX}' are reserved for internal use`);
}

/** @throws AwsError TagLimitExceeded - for more than 50 tags beside those of the service */
export function requireFewTags(tags: readonly Tag[]): void {
  if (tags.filter(({ key }) => !isReservedTagKey(key)).length > TAGS_LIMIT) {
    throw new AwsError('TagLimitExceeded', 'The maximum number of Tags for a resource has been reached.');
  }
}

function lengthOf(text: string): number {
  return Array.from(text).length;
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterValue', message);
}

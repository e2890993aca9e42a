import type { ResourceType, TagSpecification } from '@aws-sdk/client-ec2';
import type { Tag } from '../../api/shared.ts';
import { AwsError, missingParameter } from '../errors.ts';
import { requireFewTags, tagsFrom } from './tag-rules.ts';

/**
 * The tags that a create call gives its one kind of resource.
 * @throws AwsError InvalidParameterValue - for another resource type, or one that comes twice: tags are never dropped silently
 * @throws AwsError MissingParameter, TagLimitExceeded - see tag-rules.ts
 */
export function tagsFromSpecifications(specifications: readonly TagSpecification[] | undefined, resourceType: ResourceType): Tag[] {
  return tagsByType(specifications, [resourceType])(resourceType);
}

/** The same for a call that makes several kinds of resources: tells the tags of each. */
export function tagsByType(specifications: readonly TagSpecification[] | undefined, resourceTypes: readonly ResourceType[]): (type: ResourceType) => Tag[] {
  const tagsOf = new Map<ResourceType, Tag[]>();
  for (const [position, { ResourceType: type, Tags }] of (specifications ?? []).entries()) {
    const path = `TagSpecification.${position + 1}`;
    if (!type) throw missingParameter(`${path}.ResourceType`);
    if (!resourceTypes.includes(type)) {
      throw new AwsError('InvalidParameterValue', `'${type}' is not a valid taggable resource type for this operation.`);
    }
    if (tagsOf.has(type)) throw new AwsError('InvalidParameterValue', `Tag specification resource type '${type}' is specified more than once.`);
    const tags = tagsFrom(Tags ?? [], `${path}.Tag`);
    requireFewTags(tags);
    tagsOf.set(type, tags);
  }
  return (type) => tagsOf.get(type) ?? [];
}

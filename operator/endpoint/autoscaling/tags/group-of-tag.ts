import type { Tag as SdkTag } from '@aws-sdk/client-auto-scaling';
import type { AutoScalingGroup } from '../../../kubernetes/resources.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { requireGroup } from '../groups/find-group.ts';
import { validationError } from '../../model-constraints.ts';

/** Tags of a request by the groups that they are for. @throws AwsError ValidationError */
export function tagsByGroup(tags: readonly SdkTag[], context: Pick<ReadOnlyContext, 'read' | 'caller'>): { group: AutoScalingGroup; tags: SdkTag[] }[] {
  const byName = new Map<string, SdkTag[]>();
  for (const tag of tags) {
    if (!tag.ResourceId) throw validationError('Each tag needs the ResourceId of an Auto Scaling group.');
    byName.set(tag.ResourceId, [...(byName.get(tag.ResourceId) ?? []), tag]);
  }
  return [...byName].map(([name, ofGroup]) => ({ group: requireGroup(name, context), tags: ofGroup }));
}

import type { RemoveTagsInput, RemoveTagsOutput } from '@aws-sdk/client-elastic-load-balancing-v2';
import { allBounded } from '../../../kubernetes/bounded.ts';
import type { OperationContext } from '../../operation.ts';
import { changeTargetGroup, requireTargetGroup } from '../target-groups/find-target-groups.ts';

/**
 * Takes tags from target groups; keys that they do not have are passed over.
 * @throws AwsError TargetGroupNotFound, ValidationError
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RemoveTags.html
 */
export async function removeTags({ ResourceArns = [], TagKeys = [] }: RemoveTagsInput, context: OperationContext): Promise<RemoveTagsOutput> {
  const groups = ResourceArns.map((arn) => requireTargetGroup(arn, context));
  await allBounded(groups, 4, async (group) => changeTargetGroup(group, ({ tags = [] }) => ({ tags: tags.filter(({ key }) => !TagKeys.includes(key)) }), context));
  return {};
}

import type { TagResourceInput, TagResourceOutput } from '@aws-sdk/client-cloudwatch';
import { requireFewTags } from '../../ec2/tag-rules.ts';
import type { OperationContext } from '../../operation.ts';
import { changeAlarm } from '../alarms/find-alarms.ts';
import { alarmOfArn, monitoringTagsFrom } from './monitoring-tags.ts';

/**
 * Gives an alarm tags; those with the same keys are replaced.
 * @throws AwsError ResourceNotFoundException, InvalidParameterValue
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_TagResource.html
 */
export async function tagResource({ ResourceARN, Tags }: TagResourceInput, context: OperationContext): Promise<TagResourceOutput> {
  const { name } = alarmOfArn(ResourceARN, context);
  const added = monitoringTagsFrom(Tags);
  await changeAlarm(
    name,
    ({ tags = [] }) => {
      const all = [...tags.filter(({ key }) => !added.some((tag) => tag.key === key)), ...added];
      requireFewTags(all);
      return { tags: all };
    },
    context,
  );
  return {};
}

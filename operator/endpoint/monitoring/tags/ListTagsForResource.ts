import type { ListTagsForResourceInput, ListTagsForResourceOutput } from '@aws-sdk/client-cloudwatch';
import type { ReadOnlyContext } from '../../operation.ts';
import { alarmOfArn } from './monitoring-tags.ts';

/**
 * Lists the tags of an alarm.
 * @throws AwsError ResourceNotFoundException, InvalidParameterValue
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_ListTagsForResource.html
 */
export async function listTagsForResource({ ResourceARN }: ListTagsForResourceInput, context: ReadOnlyContext): Promise<ListTagsForResourceOutput> {
  return { Tags: (alarmOfArn(ResourceARN, context).alarm.spec.tags ?? []).map(({ key, value }) => ({ Key: key, Value: value })) };
}
